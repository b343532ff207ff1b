-- The audio of a piece after the track's effects: one render, with the user's own render settings put back.
local here = ...
local wav, capture, session = here.wav, here.capture, here.session

local postfx = {}

local RENDER_ACTION = 42230 -- File: Render project, using the most recent render settings, auto-close render dialog
local HANDLE_SECONDS = 0.5
local STEMS, MULTICHANNEL = 2, 4
local WAV_FLOAT = "ZXZhdyAAAQ==" -- "evaw", 32 bit float

local NUMBERS = {
  "RENDER_SETTINGS", "RENDER_BOUNDSFLAG", "RENDER_CHANNELS", "RENDER_SRATE", "RENDER_STARTPOS", "RENDER_ENDPOS",
  "RENDER_TAILFLAG", "RENDER_TAILMS", "RENDER_ADDTOPROJ", "RENDER_DITHER", "RENDER_NORMALIZE",
  "RENDER_NORMALIZE_TARGET", "RENDER_BRICKWALL", "RENDER_FADEIN", "RENDER_FADEOUT", "RENDER_FADEINSHAPE",
  "RENDER_FADEOUTSHAPE", "RENDER_FADELPF", "RENDER_PADSTART", "RENDER_PADEND", "RENDER_TRIMSTART", "RENDER_TRIMEND",
  "RENDER_DELAY",
}
local TEXTS = { "RENDER_FILE", "RENDER_PATTERN", "RENDER_FORMAT", "RENDER_FORMAT2", "RENDER_EXTRAFILEDIR" }

local function saved(project)
  local settings = { numbers = {}, texts = {}, selected = {} }
  for _, key in ipairs(NUMBERS) do settings.numbers[key] = reaper.GetSetProjectInfo(project, key, 0, false) end
  for _, key in ipairs(TEXTS) do
    local known, value = reaper.GetSetProjectInfo_String(project, key, "", false)
    if known then settings.texts[key] = value end
  end
  for index = 0, reaper.CountTracks(project) - 1 do
    local track = reaper.GetTrack(project, index)
    settings.selected[track] = reaper.IsTrackSelected(track)
  end
  return settings
end

local function restore(project, settings)
  for key, value in pairs(settings.numbers) do reaper.GetSetProjectInfo(project, key, value, true) end
  for key, value in pairs(settings.texts) do reaper.GetSetProjectInfo_String(project, key, value, true) end
  for track, was_selected in pairs(settings.selected) do
    if reaper.ValidatePtr2(project, track, "MediaTrack*") then reaper.SetTrackSelected(track, was_selected) end
  end
end

local function set(project, settings, wanted)
  for key, value in pairs(wanted) do
    if type(value) == "number" then
      reaper.GetSetProjectInfo(project, key, value, true)
    elseif settings.texts[key] then
      reaper.GetSetProjectInfo_String(project, key, value, true)
    end
  end
end

local function wanted_settings(from, to, rate, channels, folder, name)
  return {
    RENDER_SETTINGS = channels > 2 and STEMS + MULTICHANNEL or STEMS, RENDER_BOUNDSFLAG = 0,
    RENDER_CHANNELS = channels, RENDER_SRATE = rate, RENDER_STARTPOS = from, RENDER_ENDPOS = to,
    RENDER_TAILFLAG = 0, RENDER_TAILMS = 0, RENDER_ADDTOPROJ = 0, RENDER_DITHER = 0, RENDER_NORMALIZE = 0,
    RENDER_FILE = folder, RENDER_PATTERN = name, RENDER_FORMAT = WAV_FLOAT, RENDER_FORMAT2 = "",
  }
end

local function run(project, track, settings, wanted)
  set(project, settings, wanted)
  for other in pairs(settings.selected) do reaper.SetTrackSelected(other, other == track) end
  local _, targets = reaper.GetSetProjectInfo_String(project, "RENDER_TARGETS", "", false)
  if targets ~= "" and not targets:match("[/\\]" .. wanted.RENDER_PATTERN .. "%.wav$") then
    error("REAPER would render to " .. targets, 0)
  end
  reaper.Main_OnCommandEx(RENDER_ACTION, 0, project)
end

-- What was rendered must hold the region; a handle may be a sample short.
local function fitted(region, path, rate)
  local shape = wav.shape(path)
  if not shape then error("REAPER's render was stopped, or wrote no file", 0) end
  if shape.rate ~= rate then error("REAPER rendered at " .. shape.rate .. " Hz instead of " .. rate, 0) end
  region.after = math.min(region.after, shape.frames - region.before - region.length)
  if region.after < 0 then error("REAPER's render is too short", 0) end
  return region
end

-- Write the audio of a piece to `<folder>/<name>.wav`; gives { start, length, before, after }.
function postfx.write(project, piece, clock, folder, name)
  if session.is_recording(project) then error("stop the recording first, for the effects have to be rendered", 0) end
  local start = clock.samples(piece.from)
  local region = { start = start, length = clock.samples(piece.to) - start }
  if region.length < 1 then error("it is shorter than one sample", 0) end
  local handle = math.floor(HANDLE_SECONDS * clock.rate)
  region.before, region.after = math.min(handle, math.max(start, 0)), handle
  local from = clock.seconds(start - region.before)
  local to = clock.seconds(start + region.length + region.after)
  local channels = math.max(2, (capture.channels({ track = piece.track, from = piece.from, to = piece.to })))
  local settings = saved(project)
  reaper.PreventUIRefresh(1)
  local wanted = wanted_settings(from, to, clock.rate, channels, folder, name)
  local done, failure = pcall(run, project, piece.track, settings, wanted)
  local restored, why = pcall(restore, project, settings)
  reaper.PreventUIRefresh(-1)
  if not done then error(failure, 0) end
  if not restored then error("the render settings could not be put back: " .. tostring(why), 0) end
  return fitted(region, folder .. "/" .. name .. ".wav", clock.rate)
end

return postfx
