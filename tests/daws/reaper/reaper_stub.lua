-- A strict stand-in for REAPER: unknown functions, wrong counts or types of arguments, edits outside an undo
-- block, and unbalanced blocks raise an error. Signatures are those of REAPER's ReaScript documentation.
local stub = { faults = {} }

local world = {
  time = 100, deferred = {}, atexit = {}, messages = {}, console = "", ext = {}, registered = {}, projects = {},
  refresh = 0, undo_open = nil, menu = {}, menus = {}, answers = {}, media = "", device_rate = "48000",
  window = { is_open = false, texts = {} }, absent = {}, resolved_guid = 0, closes_window = false, script = "",
}
stub.world = world

local serial = 0
local function object(kind, fields)
  serial = serial + 1
  local name = string.format("userdata: 0x%08x", serial)
  fields.kind = kind
  return setmetatable(fields, { __tostring = function() return name end })
end

local function guid()
  world.resolved_guid = world.resolved_guid + 1
  return string.format("{%08X-0000-4000-8000-%012X}", world.resolved_guid * 2654435761 % 4294967296, world.resolved_guid)
end

local function fault(text)
  stub.faults[#stub.faults + 1] = text
  error("REAPER: " .. text, 3)
end

-- Building a session -------------------------------------------------------------------------------------------

function stub.project(name, options)
  local project = object("ReaProject", {
    name = name, tracks = {}, loop = { 0, 0 }, undo = {}, offset = 0, tempo = { 4, 4, 120 }, is_open = true,
    numbers = {
      RENDER_SETTINGS = 32, RENDER_BOUNDSFLAG = 3, RENDER_CHANNELS = 2, RENDER_SRATE = 44100, RENDER_STARTPOS = 1.5,
      RENDER_ENDPOS = 2.5, RENDER_TAILFLAG = 18, RENDER_TAILMS = 1000, RENDER_ADDTOPROJ = 1, RENDER_DITHER = 3,
      RENDER_NORMALIZE = 1, RENDER_NORMALIZE_TARGET = 0.25, RENDER_BRICKWALL = 0.9, RENDER_FADEIN = 0.01,
      RENDER_FADEOUT = 0.02, RENDER_FADEINSHAPE = 1, RENDER_FADEOUTSHAPE = 2, RENDER_FADELPF = 1, RENDER_PADSTART = 0.1,
      RENDER_PADEND = 0.2, RENDER_TRIMSTART = 0.3, RENDER_TRIMEND = 0.4, RENDER_DELAY = 5, PROJECT_SRATE = 48000,
      PROJECT_SRATE_USE = 1,
    },
    texts = {
      RENDER_FILE = "/users/own", RENDER_PATTERN = "$project", RENDER_FORMAT = "bDNwbQ==", RENDER_FORMAT2 = "bDNwbQ==",
      RENDER_EXTRAFILEDIR = "/elsewhere",
    },
  })
  for key, value in pairs(options or {}) do project[key] = value end
  world.projects[#world.projects + 1] = project
  world.active = world.active or project
  return project
end

function stub.track(project, name, options)
  local track = object("MediaTrack", {
    project = project, name = name, guid = guid(), items = {}, razor = "", selected = false, ext = {},
    values = { I_NCHAN = 2, I_FOLDERDEPTH = 0 },
  })
  for key, value in pairs(options or {}) do track[key] = value end
  table.insert(project.tracks, track)
  return track
end

local function load_wave(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local bytes = file:read("a")
  file:close()
  if not bytes:match("^RIFF....WAVE") then return nil end
  local at, source = 13, object("PCM_source", { path = path })
  while at < #bytes do
    local id, size = string.unpack("<c4I4", bytes, at)
    if id == "fmt " then
      source.format, source.channels, source.rate = string.unpack("<I2I2I4", bytes, at + 8)
    elseif id == "data" then
      source.frames = size // (4 * source.channels)
      local data = at + 8
      source.sample = function(frame, channel)
        if frame < 0 or frame >= source.frames then return 0 end
        return (string.unpack("<f", bytes, data + 4 * (frame * source.channels + channel)))
      end
    end
    at = at + 8 + size + size % 2
  end
  return source.frames and source or nil
end

function stub.item(track, path, position, length, options)
  local item = object("MediaItem", {
    track = track, guid = guid(), takes = {}, selected = false, values = { D_POSITION = position, D_LENGTH = length, D_VOL = 1 },
  })
  table.insert(track.items, item)
  if path then
    local source = path == "midi" and object("PCM_source", { path = "", channels = 0, rate = 0, frames = 0, is_midi = true })
      or assert(load_wave(path), path)
    local take = object("MediaItem_Take", {
      item = item, source = source, name = "", ext = {}, values = { D_STARTOFFS = 0, D_PLAYRATE = 1, I_CHANMODE = 0, D_VOL = 1, D_PAN = 0 },
    })
    item.takes[1], item.active = take, take
  end
  for key, value in pairs(options or {}) do item[key] = value end
  return item
end

-- Checks -------------------------------------------------------------------------------------------------------

local function lives(thing)
  if thing.kind == "ReaProject" then return thing.is_open end
  local owner = ({ MediaTrack = "project", MediaItem = "track", MediaItem_Take = "item" })[thing.kind]
  if not owner then return true end
  local list = ({ MediaTrack = "tracks", MediaItem = "items", MediaItem_Take = "takes" })[thing.kind]
  for _, other in ipairs(thing[owner][list]) do
    if other == thing then return lives(thing[owner]) end
  end
  return false
end

local function is_pointer(value, kind)
  return type(value) == "table" and value.kind == kind
end

local checks = {
  s = function(v) return type(v) == "string" end,
  b = function(v) return type(v) == "boolean" end,
  n = function(v) return type(v) == "number" and v == v end,
  i = function(v) return type(v) == "number" and math.tointeger(v) ~= nil end,
  f = function(v) return type(v) == "function" end,
  a = function(v) return type(v) == "table" and v.is_reaper_array end,
  P = function(v) return v == 0 or is_pointer(v, "ReaProject") and lives(v) end,
  T = function(v) return is_pointer(v, "MediaTrack") and lives(v) end,
  I = function(v) return is_pointer(v, "MediaItem") and lives(v) end,
  K = function(v) return is_pointer(v, "MediaItem_Take") and lives(v) end,
  S = function(v) return is_pointer(v, "PCM_source") end,
  A = function(v) return is_pointer(v, "AudioAccessor") and not v.is_destroyed end,
  ["*"] = function(v) return type(v) == "table" and v.kind ~= nil end,
}

local functions = {}

local function declare(name, types, body) functions[name] = { types = types, body = body } end

local function checked(name, types, body)
  return function(...)
    local count = select("#", ...)
    if count ~= #types then fault(name .. " takes " .. #types .. " arguments, not " .. count) end
    for index = 1, count do
      local wanted = types:sub(index, index)
      local value = select(index, ...)
      if not checks[wanted](value) then
        fault(name .. ": argument " .. index .. " is " .. tostring(value) .. ", not " .. wanted)
      end
    end
    return body(...)
  end
end

local function project_of(value) return value == 0 and world.active or value end

local function edits(project, what)
  if not world.undo_open then fault(what .. " outside an undo block") end
  if project and project_of(project) ~= world.undo_open.project then fault(what .. " in another project than the undo block") end
  if world.breaks_at == what then
    world.breaks_at = nil
    error("REAPER: " .. what .. " failed", 3)
  end
end

local function owner_of(thing)
  if thing.kind == "MediaItem_Take" then thing = thing.item end
  if thing.kind == "MediaItem" then thing = thing.track end
  return thing.project
end

-- Undo ---------------------------------------------------------------------------------------------------------

local function copy(list)
  local new = {}
  for key, value in pairs(list) do new[key] = value end
  return new
end

local function snapshot(project)
  local state = { tracks = copy(project.tracks), items = {}, takes = {}, values = {}, active = {} }
  for _, track in ipairs(project.tracks) do
    state.items[track], state.values[track] = copy(track.items), copy(track.values)
    for _, item in ipairs(track.items) do
      state.takes[item], state.values[item], state.active[item] = copy(item.takes), copy(item.values), item.active
    end
  end
  return state
end

local function go_back(project, state)
  project.tracks = copy(state.tracks)
  for track, items in pairs(state.items) do track.items, track.values = copy(items), copy(state.values[track]) end
  for item, takes in pairs(state.takes) do
    item.takes, item.values, item.active = copy(takes), copy(state.values[item]), state.active[item]
  end
end

declare("Undo_BeginBlock2", "P", function(project)
  if world.undo_open then fault("undo blocks are nested") end
  project = project_of(project)
  world.undo_open = { project = project, before = snapshot(project) }
end)
declare("Undo_EndBlock2", "Psi", function(project, title, flags)
  local block = world.undo_open
  if not block or block.project ~= project_of(project) then fault("no undo block is open in this project") end
  if flags ~= -1 then fault("the undo block names no kind of change") end
  table.insert(block.project.undo, { title = title, before = block.before })
  world.undo_open = nil
end)
declare("Undo_CanUndo2", "P", function(project)
  local last = project_of(project).undo[#project_of(project).undo]
  return last and last.title
end)
declare("Undo_DoUndo2", "P", function(project)
  project = project_of(project)
  local last = table.remove(project.undo)
  if not last then return 0 end
  go_back(project, last.before)
  return 1
end)
declare("PreventUIRefresh", "i", function(count)
  world.refresh = world.refresh + count
  if world.refresh < 0 then fault("PreventUIRefresh fell below zero") end
end)

-- Projects, time -----------------------------------------------------------------------------------------------

declare("EnumProjects", "i", function(index)
  local project = index == -1 and world.active or world.projects[index + 1]
  if project then return project, project.name .. ".rpp" end
end)
declare("SelectProjectInstance", "P", function(project) world.active = project end)
declare("GetProjectName", "P", function(project) return project_of(project).name .. ".rpp" end)
declare("GetProjectPathEx", "P", function() return world.media end)
declare("GetPlayStateEx", "P", function(project) return project_of(project).play_state or 0 end)
declare("GetProjectTimeOffset", "Pb", function(project) return project_of(project).offset end)
declare("ValidatePtr2", "P*s", function(_, thing, kind) return thing.kind .. "*" == kind and lives(thing) end)
declare("GetSetProjectInfo", "Psnb", function(project, key, value, is_set)
  project = project_of(project)
  if project.numbers[key] == nil then fault("there is no project number " .. key) end
  if is_set then project.numbers[key] = value end
  return project.numbers[key]
end)
declare("GetSetProjectInfo_String", "Pssb", function(project, key, value, is_set)
  project = project_of(project)
  if key == "RENDER_TARGETS" then
    return true, world.render_target or (project.texts.RENDER_FILE .. "/" .. project.texts.RENDER_PATTERN .. ".wav")
  end
  if project.texts[key] == nil then return false, "" end
  if is_set then project.texts[key] = value end
  return true, project.texts[key]
end)

local function displayed_rate()
  local project = world.active
  return project.numbers.PROJECT_SRATE_USE ~= 0 and project.numbers.PROJECT_SRATE or tonumber(world.device_rate) or 44100
end
declare("format_timestr_pos", "nsi", function(seconds, _, mode)
  if mode ~= 4 then fault("only samples are shown here") end
  local shift = world.shows_offset and world.active.offset or 0
  return string.format("%d", math.floor((seconds + shift) * displayed_rate() + 0.5))
end)
declare("parse_timestr_pos", "si", function(text, mode)
  if mode ~= 4 then fault("only samples are read here") end
  local shift = world.shows_offset and world.active.offset or 0
  return tonumber(text) / displayed_rate() - shift
end)
declare("GetAudioDeviceInfo", "s", function(key)
  if key ~= "SRATE" then fault("there is no device attribute " .. key) end
  return world.device_rate ~= "", world.device_rate
end)
declare("TimeMap_GetTimeSigAtTime", "Pn", function(project, seconds)
  local found = project_of(project).tempo
  for _, change in ipairs(project_of(project).tempo_changes or {}) do
    if seconds >= change[1] then found = { change[2], change[3], change[4] } end
  end
  return table.unpack(found)
end)
declare("GetSet_LoopTimeRange2", "Pbbnnb", function(project, is_set)
  if is_set then fault("the time selection is the user's") end
  return table.unpack(project_of(project).loop)
end)

-- Tracks -------------------------------------------------------------------------------------------------------

declare("CountTracks", "P", function(project) return #project_of(project).tracks end)
declare("GetTrack", "Pi", function(project, index) return project_of(project).tracks[index + 1] end)
declare("GetTrackGUID", "T", function(track) return track.guid end)
declare("GetTrackName", "T", function(track) return true, track.name ~= "" and track.name or "Track 1" end)
declare("IsTrackSelected", "T", function(track) return track.selected end)
declare("SetTrackSelected", "Tb", function(track, is_selected) track.selected = is_selected end)
local function selected_tracks(project)
  local found = {}
  for _, track in ipairs(project_of(project).tracks) do
    if track.selected then found[#found + 1] = track end
  end
  return found
end
declare("CountSelectedTracks", "P", function(project) return #selected_tracks(project) end)
declare("GetSelectedTrack", "Pi", function(project, index) return selected_tracks(project)[index + 1] end)
declare("GetMediaTrackInfo_Value", "Ts", function(track, key)
  if key == "IP_TRACKNUMBER" then
    for index, other in ipairs(track.project.tracks) do
      if other == track then return index + 0.0 end
    end
  end
  if track.values[key] == nil then fault("tracks have no " .. key) end
  return track.values[key] + 0.0
end)
declare("SetMediaTrackInfo_Value", "Tsn", function(track, key, value)
  edits(track.project, "SetMediaTrackInfo_Value")
  if track.values[key] == nil then fault("tracks have no " .. key) end
  track.values[key] = value
  return true
end)
declare("GetSetMediaTrackInfo_String", "Tssb", function(track, key, value, is_set)
  local field = ({ P_NAME = "name", P_RAZOREDITS = "razor" })[key]
  if not field then fault("tracks have no " .. key) end
  if is_set then
    edits(track.project, "GetSetMediaTrackInfo_String")
    track[field] = value
  end
  return true, track[field]
end)
local function insert_track(project, index)
  edits(project, "InsertTrack")
  local track = stub.track(project, "")
  table.remove(project.tracks)
  table.insert(project.tracks, math.min(index, #project.tracks) + 1, track)
end
declare("InsertTrackInProject", "Pii", function(project, index, flags)
  if flags ~= 0 then fault("the new track would get the user's default effects") end
  insert_track(project_of(project), index)
end)
declare("InsertTrackAtIndex", "ib", function(index, wants_defaults)
  if wants_defaults then fault("the new track would get the user's default effects") end
  insert_track(world.active, index)
end)
declare("TrackList_AdjustWindows", "b", function() end)
declare("UpdateArrange", "", function() end)

-- Items and takes ----------------------------------------------------------------------------------------------

local function all_items(project, only_selected)
  local found = {}
  for _, track in ipairs(project_of(project).tracks) do
    for _, item in ipairs(track.items) do
      if item.selected or not only_selected then found[#found + 1] = item end
    end
  end
  return found
end
declare("CountMediaItems", "P", function(project) return #all_items(project) end)
declare("GetMediaItem", "Pi", function(project, index) return all_items(project)[index + 1] end)
declare("CountSelectedMediaItems", "P", function(project) return #all_items(project, true) end)
declare("GetSelectedMediaItem", "Pi", function(project, index) return all_items(project, true)[index + 1] end)
declare("CountTrackMediaItems", "T", function(track) return #track.items end)
declare("GetTrackMediaItem", "Ti", function(track, index) return track.items[index + 1] end)
declare("GetMediaItem_Track", "I", function(item) return item.track end)
declare("GetActiveTake", "I", function(item) return item.active end)
declare("UpdateItemInProject", "I", function() end)
declare("GetMediaItemInfo_Value", "Is", function(item, key)
  if item.values[key] == nil then fault("items have no " .. key) end
  return item.values[key]
end)
local ITEM_KEYS = { D_POSITION = 1, D_LENGTH = 1, D_VOL = 1, B_LOOPSRC = 1, D_FADEINLEN = 1, D_FADEOUTLEN = 1 }
declare("SetMediaItemInfo_Value", "Isn", function(item, key, value)
  edits(owner_of(item), "SetMediaItemInfo_Value")
  if not ITEM_KEYS[key] then fault("items have no " .. key) end
  item.values[key] = value
  return true
end)
declare("GetSetMediaItemInfo_String", "Issb", function(item, key, _, is_set)
  if key ~= "GUID" or is_set then fault("only an item's GUID is read here") end
  return true, item.guid
end)
declare("AddMediaItemToTrack", "T", function(track)
  edits(track.project, "AddMediaItemToTrack")
  return stub.item(track, nil, 0, 0)
end)
declare("AddTakeToMediaItem", "I", function(item)
  edits(owner_of(item), "AddTakeToMediaItem")
  local take = object("MediaItem_Take", { item = item, name = "", ext = {}, values = { D_STARTOFFS = 0, D_PLAYRATE = 1, I_CHANMODE = 0, D_VOL = 1, D_PAN = 0 } })
  table.insert(item.takes, take)
  item.active = item.active or take
  return take
end)
declare("SetActiveTake", "K", function(take)
  edits(owner_of(take), "SetActiveTake")
  take.item.active = take
end)
declare("TakeIsMIDI", "K", function(take) return take.source.is_midi or false end)
declare("GetMediaItemTakeInfo_Value", "Ks", function(take, key)
  if take.values[key] == nil then fault("takes have no " .. key) end
  return take.values[key] + 0.0
end)
declare("SetMediaItemTakeInfo_Value", "Ksn", function(take, key, value)
  edits(owner_of(take), "SetMediaItemTakeInfo_Value")
  if take.values[key] == nil then fault("takes have no " .. key) end
  take.values[key] = value
  return true
end)
declare("GetSetMediaItemTakeInfo_String", "Kssb", function(take, key, value, is_set)
  if not is_set then fault("only set here") end
  edits(owner_of(take), "GetSetMediaItemTakeInfo_String")
  local own = key:match("^P_EXT:(%w+)$")
  if own then take.ext[own] = value elseif key == "P_NAME" then take.name = value else fault("takes have no " .. key) end
  return true, value
end)
declare("GetMediaItemTake_Source", "K", function(take) return take.source end)
declare("SetMediaItemTake_Source", "KS", function(take, source)
  edits(owner_of(take), "SetMediaItemTake_Source")
  take.source = source
  return true
end)
declare("PCM_Source_CreateFromFile", "s", function(path) return load_wave(path) end)
declare("PCM_Source_BuildPeaks", "Si", function(source, mode)
  source.peaks = source.peaks or 3
  if mode == 0 then return source.peaks end
  if mode == 1 then source.peaks = math.max(0, source.peaks - 1) end
  if mode == 2 and source.peaks > 0 then fault("the peaks are not built yet") end
  if mode == 2 then source.has_peaks = true end
  return source.peaks
end)
declare("GetMediaSourceNumChannels", "S", function(source) return source.channels end)

-- Audio --------------------------------------------------------------------------------------------------------

-- What an item plays at `seconds` of the project: its file, at the file's own rate.
local function sounding(item, seconds, channel)
  local source, take = item.active.source, item.active
  local inside = seconds - item.values.D_POSITION
  if inside < -1e-9 or inside > item.values.D_LENGTH + 1e-9 or not source.sample then return 0, false end
  local frame = math.floor((inside * take.values.D_PLAYRATE + take.values.D_STARTOFFS) * source.rate + 0.5)
  local mode = take.values.I_CHANMODE
  local from = source.channels == 1 and 0 or channel
  if mode >= 3 and mode <= 66 then from = mode - 3 end
  return from < source.channels and source.sample(frame, from) or 0, frame < source.frames
end

-- Item volume, take volume, take pan without a pan law: in what a track plays, not in what a take's accessor gives.
local function level(item, channel)
  local pan = item.active.values.D_PAN
  local side = channel % 2 == 0 and math.min(1, 1 - pan) or math.min(1, 1 + pan)
  return item.values.D_VOL * item.active.values.D_VOL * side
end

declare("CreateTakeAudioAccessor", "K", function(take) return object("AudioAccessor", { item = take.item }) end)
declare("CreateTrackAudioAccessor", "T", function(track) return object("AudioAccessor", { track = track }) end)
declare("DestroyAudioAccessor", "A", function(accessor) accessor.is_destroyed = true end)
declare("GetAudioAccessorStartTime", "A", function() return 0.0 end)
declare("GetAudioAccessorEndTime", "A", function(accessor)
  if accessor.item then return accessor.item.values.D_LENGTH end
  local last = 0.0
  for _, item in ipairs(accessor.track.items) do last = math.max(last, item.values.D_POSITION + item.values.D_LENGTH) end
  return last
end)
declare("GetAudioAccessorSamples", "Aiinia", function(accessor, rate, channels, seconds, count, buffer)
  if count * channels > buffer.size then fault("the buffer is too small") end
  if world.accessor_fails then return -1 end
  local all = accessor.track and accessor.track.values.I_NCHAN or accessor.item.active.source.channels
  if channels ~= math.max(1, all) then fault("REAPER is asked for " .. channels .. " channels of " .. all) end
  local any = false
  local items = accessor.item and { accessor.item } or accessor.track.items
  local origin = accessor.item and accessor.item.values.D_POSITION or 0
  for frame = 0, count - 1 do
    for channel = 0, channels - 1 do
      local sum = 0
      for _, item in ipairs(items) do
        local value, is_there = sounding(item, origin + seconds + frame / rate, channel)
          if accessor.track then value = value * level(item, channel) end
        sum, any = sum + value, any or is_there
      end
      buffer[frame * channels + channel + 1] = sum
    end
  end
  return any and 1 or 0
end)
declare("new_array", "i", function(size)
  local array = { is_reaper_array = true, size = size }
  array.clear = function() for index = 1, size do array[index] = 0 end end
  array.table = function(first, count)
    local values = {}
    for index = first, first + count - 1 do values[#values + 1] = array[index] end
    return values
  end
  return array
end)

-- Rendering halves every sample, so that a test tells it from the audio before the effects.
declare("Main_OnCommandEx", "iiP", function(command, _, project)
  if command ~= 42230 then fault("there is no action " .. command) end
  if world.render_fails then error("REAPER: the render broke", 0) end
  if world.render_stops then return end
  local n, t = project.numbers, project.texts
  if n.RENDER_SETTINGS & 2 == 0 or n.RENDER_BOUNDSFLAG ~= 0 or n.RENDER_NORMALIZE ~= 0 or n.RENDER_TAILFLAG ~= 0
    or n.RENDER_ADDTOPROJ ~= 0 or t.RENDER_FORMAT2 ~= "" then fault("the render settings are the user's") end
  local tracks = selected_tracks(project)
  if #tracks ~= 1 then fault("more or less than one track is rendered") end
  local rate, channels = math.tointeger(n.RENDER_SRATE), math.tointeger(n.RENDER_CHANNELS)
  local frames = math.floor((n.RENDER_ENDPOS - n.RENDER_STARTPOS) * rate + 0.5) - (world.render_lacks or 0)
  local file = assert(io.open(t.RENDER_FILE .. "/" .. t.RENDER_PATTERN .. ".wav", "wb"))
  local bytes = frames * channels * 4
  file:write(string.pack("<c4I4c4c4I4I2I2I4I4I2I2c4I4", "RIFF", bytes + 36, "WAVE", "fmt ", 16, 3, channels, rate,
    rate * channels * 4, channels * 4, 32, "data", bytes))
  for frame = 0, frames - 1 do
    for channel = 0, channels - 1 do
      local sum = 0
      for _, item in ipairs(tracks[1].items) do
        sum = sum + 0.5 * (sounding(item, n.RENDER_STARTPOS + frame / rate, channel))
      end
      file:write(string.pack("<f", sum))
    end
  end
  file:close()
end)

-- The user, the script's own life ------------------------------------------------------------------------------

declare("ShowMessageBox", "ssi", function(text, title, kind)
  world.messages[#world.messages + 1] = text
  if title == "" then fault("a message without a title") end
  return kind == 4 and (table.remove(world.answers, 1) or 7) or 1
end)
declare("ShowConsoleMsg", "s", function(text) world.console = world.console .. text end)
declare("GetMousePosition", "", function() return 400, 300 end)
declare("GetExtState", "ss", function(section, key) return world.ext[section .. "/" .. key] or "" end)
declare("SetExtState", "sssb", function(section, key, value) world.ext[section .. "/" .. key] = value end)
declare("DeleteExtState", "ssb", function(section, key) world.ext[section .. "/" .. key] = nil end)
declare("AddRemoveReaScript", "bisb", function(_, section, path)
  if section ~= 0 or not io.open(path, "rb") then fault("no script " .. path) end
  world.registered[path] = true
  return 50001
end)
declare("RecursiveCreateDirectory", "si", function(path)
  if path:match("'") then fault("this stub cannot make " .. path) end
  return os.execute("mkdir -p '" .. path .. "' 2>/dev/null") and 1 or 0
end)
declare("genGuid", "s", function() return guid() end)
declare("time_precise", "", function() return world.time end)
declare("get_action_context", "", function() return false, world.script, 0, 50001, -1, -1, -1, "" end)
declare("set_action_options", "i", function(flags) world.options = flags end)
declare("defer", "f", function(body) table.insert(world.running.deferred, body) end)
declare("atexit", "f", function(body) world.running.atexit = body end)

reaper = setmetatable({}, {
  __index = function(_, name)
    if world.absent[name] then return nil end
    local known = functions[name]
    if not known then fault("there is no function " .. name) end
    return checked(name, known.types, known.body)
  end,
  __newindex = function(_, name) fault("a script sets reaper." .. name) end,
})

local window = world.window
local function needs_window(body)
  return function(...)
    if not window.is_open then fault("there is no window") end
    return body(...)
  end
end
gfx = setmetatable({}, { __index = function(_, name) fault("there is no gfx." .. name) end })
rawset(gfx, "x", 0)
rawset(gfx, "y", 0)
rawset(gfx, "init", function(title) window.is_open, window.title = true, title end)
rawset(gfx, "quit", function() window.is_open = false end)
rawset(gfx, "setfont", needs_window(function() end))
rawset(gfx, "set", needs_window(function() end))
rawset(gfx, "rect", needs_window(function() end))
rawset(gfx, "update", needs_window(function() end))
rawset(gfx, "drawstr", needs_window(function(text) window.texts[#window.texts + 1] = text end))
rawset(gfx, "getchar", function()
  if world.closes_window then window.is_open = false end
  return window.is_open and 0 or -1
end)
-- Clicks the next label of `world.menu`; counts like REAPER: neither separators nor the names of submenus.
rawset(gfx, "showmenu", needs_window(function(text)
  world.menus[#world.menus + 1] = text
  local wanted, count = table.remove(world.menu, 1), 0
  for line in (text .. "|"):gmatch("([^|]*)|") do
    if line ~= "" and line:sub(1, 1) ~= ">" then
      count = count + 1
      if line:gsub("^[<!#]+", "") == wanted then return count end
    end
  end
  if wanted then fault("the menu has no " .. wanted) end
  return 0
end))

-- Running ------------------------------------------------------------------------------------------------------

local scripts = {}

local function check_balance(when)
  if world.undo_open then fault("an undo block stays open " .. when) end
  if world.refresh ~= 0 then fault("PreventUIRefresh stays at " .. world.refresh .. " " .. when) end
end

local function stop(script)
  script.deferred = {}
  world.running = script
  if script.atexit then script.atexit() end
end

-- Run an action, as a click in REAPER's action list does. A running script of that name ends first.
function stub.run(path)
  if scripts[path] then stop(scripts[path]) end
  local script = { deferred = {} }
  scripts[path], world.running, world.script = script, script, path
  local before = copy(_G)
  assert(loadfile(path))()
  for name in pairs(_G) do
    if before[name] == nil then fault("the script makes a global " .. name) end
  end
  check_balance("after " .. path)
  if #script.deferred == 0 then fault("the script ends without defer: REAPER would add an undo point") end
end

function stub.knows(name) return functions[name] ~= nil end

-- Let REAPER's own loop go round.
function stub.pump(rounds, seconds)
  for _ = 1, rounds do
    world.time = world.time + seconds
    for path, script in pairs(scripts) do
      local due = script.deferred
      script.deferred, world.running = {}, script
      for _, body in ipairs(due) do body() end
      check_balance("after a round")
      if #script.deferred == 0 then
        stop(script)
        scripts[path] = nil
      end
    end
  end
  return next(scripts) ~= nil
end

return stub
