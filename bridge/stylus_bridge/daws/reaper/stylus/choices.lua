-- What the user chose, kept by REAPER from session to session.
local choices = {}

local SECTION = "stylus"

function choices.get(key)
  return reaper.GetExtState(SECTION, key)
end

function choices.set(key, value)
  reaper.SetExtState(SECTION, key, value, true)
end

-- preset, post_fx, new_take, strength (nil = the preset's own), as one table.
function choices.all()
  return {
    preset = choices.get("preset"),
    preset_name = choices.get("preset_name"),
    post_fx = choices.get("post_fx") == "1",
    new_take = choices.get("new_take") == "1",
    strength = tonumber(choices.get("strength")),
  }
end

return choices
