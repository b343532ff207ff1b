-- The menu: presets, and how to render.
local here = ...
local choices = here.choices

local menu = {}

local STRENGTHS = { 25, 50, 75, 100, 125, 150 }

local function plain(name)
  local text = name:gsub("|", "/"):gsub("^[#!<>]+", "")
  return text ~= "" and text or "-"
end

local function mark(is_on) return is_on and "!" or "" end

-- Lines of the menu and what each does when it is clicked: "preset", or a change after which the menu returns.
local function entries(presets, choice)
  local lines, actions = {}, {}
  local function add(line, action) lines[#lines + 1], actions[#actions + 1] = line, action end
  for _, preset in ipairs(presets) do
    add(mark(preset.id == choice.preset) .. plain(preset.name), { preset = preset })
  end
  lines[#lines + 1] = ""
  add(mark(choice.post_fx) .. "Audio after the effects", { post_fx = not choice.post_fx })
  add(mark(choice.new_take) .. "Stem as a new take (whole items)", { new_take = not choice.new_take })
  lines[#lines + 1] = ">Strength"
  add(mark(not choice.strength) .. "The preset's own", { strength = "" })
  for index, percent in ipairs(STRENGTHS) do
    local is_last = index == #STRENGTHS and "<" or ""
    local is_on = choice.strength and math.floor(choice.strength * 100 + 0.5) == percent
    add(is_last .. mark(is_on) .. percent .. " %", { strength = tostring(percent / 100) })
  end
  return table.concat(lines, "|"), actions
end

local function apply(action)
  if action.post_fx ~= nil then choices.set("post_fx", action.post_fx and "1" or "0") end
  if action.new_take ~= nil then choices.set("new_take", action.new_take and "1" or "0") end
  if action.strength then choices.set("strength", action.strength) end
  if action.preset then
    choices.set("preset", action.preset.id)
    choices.set("preset_name", action.preset.name)
  end
end

-- Ask. True when a preset was chosen; false when the menu was left.
function menu.choose(presets)
  local x, y = reaper.GetMousePosition()
  gfx.init("Stylus", 1, 1, 0, x, y)
  gfx.x, gfx.y = 0, 0
  local action
  repeat
    local lines, actions = entries(presets, choices.all())
    action = actions[gfx.showmenu(lines)]
    if action then apply(action) end
  until not action or action.preset
  gfx.quit()
  return action ~= nil
end

return menu
