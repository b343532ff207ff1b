-- What the three actions do.
local here = ...
local app, choices, menu, pending, selection, session, submit, follow =
  here.app, here.choices, here.menu, here.pending, here.selection, here.session, here.submit, here.follow

local actions = {}

local MANY = 20
local YES = 6
local SIBLINGS = {
  "Stylus - render selection (last preset).lua", "Stylus - choose preset and render.lua", "Stylus - cancel.lua",
}

-- Put the other actions into REAPER's action list, once per version.
local function register()
  if choices.get("registered") == here.installed.version then return end
  for index, name in ipairs(SIBLINGS) do
    reaper.AddRemoveReaScript(true, 0, here.folder .. name, index == #SIBLINGS)
  end
  choices.set("registered", here.installed.version)
end

local function known_name(presets, id)
  for _, preset in ipairs(presets) do
    if preset.id == id then return preset.name end
  end
end

-- The user's choice; nil and perhaps a message where there is none.
local function chosen(asks)
  local presets = app.presets()
  if #presets == 0 then return nil, "stylus-daw lists no presets. Start it again, then run this action again." end
  if asks or not known_name(presets, choices.get("preset")) then
    if not menu.choose(presets) then return nil end
  end
  local choice = choices.all()
  choice.preset_name = known_name(presets, choice.preset)
  return choice
end

local function submit_all(project, pieces, choice, jobs_folder)
  local clock, said = session.clock(project), {}
  for _, piece in ipairs(pieces) do
    local job, why_not = submit.piece(project, piece, clock, choice, jobs_folder)
    if job then pending.add(job) else said[#said + 1] = why_not end
  end
  return said
end

local function render(asks)
  register()
  local jobs_folder, why_not = app.jobs_folder()
  if not jobs_folder then return here.tell(why_not) end
  local project = reaper.EnumProjects(-1)
  local pieces = selection.pieces(project)
  if #pieces == 0 then
    local ways = "Make a razor edit, select items, or make a time selection and select tracks."
    return here.tell("Nothing is selected. " .. ways)
  end
  local question = string.format("%d regions are selected. Render them all?", #pieces)
  if #pieces > MANY and reaper.ShowMessageBox(question, "Stylus", 4) ~= YES then return end
  local choice, message = chosen(asks)
  if not choice then return message and here.tell(message) end
  local said = submit_all(project, pieces, choice, jobs_folder)
  if #said > 0 then here.tell("Not rendered:\n\n" .. table.concat(said, "\n")) end
end

-- This run may have ended another one of the same action: go on with what that one awaited.
local function follow_rest()
  if #pending.all() > 0 then follow.start() end
end

-- Render the selection with the preset that was used last; ask where there is none.
function actions.render_last()
  render(false)
  follow_rest()
end

-- Ask for the preset, then render the selection.
function actions.choose()
  render(true)
  follow_rest()
end

-- Stop every job of this REAPER.
function actions.cancel()
  local jobs = pending.all()
  for _, job in ipairs(jobs) do
    if not app.cancel(job.folder) then pending.remove(job.id) end
  end
  if #jobs == 0 then here.tell("There is nothing to cancel.") end
  follow_rest()
end

return actions
