-- ardour7-lua make_session.lua FOLDER NAME RATE: a session with a stereo, a mono and a 5.1 track
local folder, name, rate = arg[1], arg[2], tonumber (arg[3])
assert (create_session (folder, name, rate), "no session")
Session:new_audio_track (2, 2, nil, 1, "Keys", ARDOUR.PresentationInfo.max_order, ARDOUR.TrackMode.Normal, true)
Session:new_audio_track (1, 1, nil, 1, "Bass", ARDOUR.PresentationInfo.max_order, ARDOUR.TrackMode.Normal, true)
Session:new_audio_track (6, 6, nil, 1, "Room", ARDOUR.PresentationInfo.max_order, ARDOUR.TrackMode.Normal, true)
Session:save_state ("", false, false, false, false, false)
Session:close ()
quit ()
