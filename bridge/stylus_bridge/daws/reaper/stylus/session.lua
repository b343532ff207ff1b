-- Time in the project, counted in samples as REAPER counts them.
local session = {}

local function shown(seconds)
  return math.tointeger(tonumber((reaper.format_timestr_pos(seconds, "", 4)))) or 0
end

-- The rate that the project runs at: its own where it has one, else the audio device's.
function session.rate(project)
  if reaper.GetSetProjectInfo(project, "PROJECT_SRATE_USE", 0, false) ~= 0 then
    return math.floor(reaper.GetSetProjectInfo(project, "PROJECT_SRATE", 0, false) + 0.5)
  end
  local is_open, said = reaper.GetAudioDeviceInfo("SRATE")
  local rate = is_open and tonumber(said) or shown(1) - shown(0)
  return math.floor(rate + 0.5)
end

-- A clock for the active project: samples from the project's first one, and back to seconds.
function session.clock(project)
  local clock = { rate = session.rate(project), zero = shown(0) }
  local counts_alike = shown(10) - clock.zero == 10 * clock.rate
  clock.session_start = clock.zero
  if clock.zero == 0 then
    clock.session_start = math.floor(reaper.GetProjectTimeOffset(project, false) * clock.rate + 0.5)
  end

  function clock.samples(seconds)
    if counts_alike then return shown(seconds) - clock.zero end
    return math.floor(seconds * clock.rate + 0.5)
  end

  function clock.seconds(samples)
    local parsed = counts_alike and reaper.parse_timestr_pos(string.format("%d", samples + clock.zero), 4)
    if parsed and clock.samples(parsed) == samples then return parsed end
    return samples / clock.rate
  end

  return clock
end

-- Tempo and time signature at a time: 120.0, "4/4".
function session.tempo(project, seconds)
  local numerator, denominator, tempo = reaper.TimeMap_GetTimeSigAtTime(project, seconds)
  return tempo, string.format("%d/%d", numerator, denominator)
end

-- Every open project.
function session.projects()
  local found, index = {}, 0
  while true do
    local project = reaper.EnumProjects(index)
    if not project then return found end
    found[#found + 1], index = project, index + 1
  end
end

-- REAPER is recording into the project: nothing may be inserted or rendered now.
function session.is_recording(project)
  return reaper.GetPlayStateEx(project) & 4 ~= 0
end

-- The track of that GUID in a project; nil where it is gone.
function session.track(project, guid)
  for index = 0, reaper.CountTracks(project) - 1 do
    local track = reaper.GetTrack(project, index)
    if reaper.GetTrackGUID(track) == guid then return track end
  end
end

-- The item of that GUID in a project; nil where it is gone.
function session.item(project, guid)
  for index = 0, reaper.CountMediaItems(project) - 1 do
    local item = reaper.GetMediaItem(project, index)
    if session.item_guid(item) == guid then return item end
  end
end

function session.item_guid(item)
  local _, guid = reaper.GetSetMediaItemInfo_String(item, "GUID", "", false)
  return guid
end

-- Where an item and its active take stand, as text: the same text, the same place and content.
function session.stand_of(item)
  local take = reaper.GetActiveTake(item)
  local source = take and reaper.GetMediaItemTakeInfo_Value(take, "D_STARTOFFS") or 0
  local speed = take and reaper.GetMediaItemTakeInfo_Value(take, "D_PLAYRATE") or 1
  local position = reaper.GetMediaItemInfo_Value(item, "D_POSITION")
  local length = reaper.GetMediaItemInfo_Value(item, "D_LENGTH")
  return string.format("%.17g %.17g %.17g %.17g", position, length, source, speed)
end

return session
