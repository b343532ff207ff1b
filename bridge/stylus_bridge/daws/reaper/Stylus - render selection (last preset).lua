-- Renders what is selected with the preset that was used last.
local _, path = reaper.get_action_context()
local folder = path:match("^(.*[/\\])")
local actions = assert(loadfile(folder .. "stylus/load.lua"))(folder)
reaper.defer(function() end) -- or REAPER would add an undo point of its own
-- Run again without asking: a new run goes on with what an earlier one awaited.
if reaper.set_action_options then reaper.set_action_options(3) end
actions.render_last()
