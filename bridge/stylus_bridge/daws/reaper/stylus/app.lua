-- The app as seen from REAPER: bridge.json, presets.json, job folders. See docs/osc.md.
local here = ...
local files, text, installed = here.files, here.text, here.installed

local app = { client = "reaper" }

app.NOT_RUNNING = "stylus-daw is not running. Start it, then run this action again. Nothing was changed."

function app.state_path(name)
  return installed.state_folder .. "/" .. name
end

-- The jobs folder of the app that runs; nil and a message where there is none.
function app.jobs_folder()
  if installed.state_folder:match("^@") then
    return nil, "These scripts were not installed. In a terminal, run: stylus-daw install reaper"
  end
  local bridge = files.read(app.state_path("bridge.json"))
  if not bridge then return nil, app.NOT_RUNNING end
  local protocol = text.number_of(bridge, "protocol")
  if protocol ~= 1 then
    local versions = "stylus-daw speaks protocol " .. tostring(protocol) .. ", these scripts speak 1. "
    return nil, versions .. "In a terminal, run: stylus-daw install reaper"
  end
  local folder = text.string_of(bridge, "jobs")
  if not folder then return nil, "bridge.json of stylus-daw cannot be read. Start stylus-daw again." end
  return folder
end

function app.is_there()
  return files.exists(app.state_path("bridge.json"))
end

-- { {id=, name=}, ... } in the order for menus.
function app.presets()
  local listed = files.read(app.state_path("presets.json")) or ""
  local found = {}
  for line in listed:gmatch("[^\n]+") do
    local id, name = text.string_of(line, "id"), text.string_of(line, "name")
    if id and name then found[#found + 1] = { id = id, name = name } end
  end
  return found
end

-- What state.json says: phase, outcome, fraction, stage, stem, message. An empty table before there is one.
function app.state_of(folder)
  local json = files.read(folder .. "/state.json")
  if not json then return {} end
  return {
    phase = text.string_of(json, "phase"),
    outcome = text.string_of(json, "outcome"),
    position = text.number_of(json, "position"),
    fraction = text.number_of(json, "fraction") or 0,
    stage = text.string_of(json, "stage") or "",
    stem = text.string_of(json, "path"),
    start = math.tointeger(tonumber(text.string_of(json, "start_sample"))),
    length = math.tointeger(tonumber(text.string_of(json, "length_samples"))),
    rate = text.number_of(json, "rate"),
    channels = math.tointeger(text.number_of(json, "channels")),
    message = text.string_of(json, "message"),
  }
end

-- Ask for a stop. False where the folder is gone.
function app.cancel(folder)
  local file = io.open(folder .. "/cancel", "wb")
  if file then file:close() end
  return file ~= nil
end

-- The strength that a stem was made with, from its own iXML; nil where it does not say.
function app.strength_in(stem)
  local file = io.open(stem, "rb")
  if not file then return nil end
  local head = file:read(65536) or ""
  file:close()
  return text.number_of(head, "strength")
end

return app
