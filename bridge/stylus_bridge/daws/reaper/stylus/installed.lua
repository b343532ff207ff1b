-- Written by `stylus-daw install reaper`: where the app keeps bridge.json, and the version of these scripts.
return { state_folder = "@STYLUS_STATE_FOLDER@", version = "@STYLUS_VERSION@" }
