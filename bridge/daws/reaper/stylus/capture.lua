-- The audio of a piece before the effects, through REAPER's audio accessors: decoded, at the project's rate.
local here = ...
local wav = here.wav

local capture = {}

local HANDLE_SECONDS = 0.5
local MOST_CHANNELS = 64

-- How many channels a take plays.
local function take_channels(take)
  local mode = reaper.GetMediaItemTakeInfo_Value(take, "I_CHANMODE")
  if mode >= 2 and mode <= 66 then return 1 end
  if mode >= 67 then return 2 end
  return math.max(1, reaper.GetMediaSourceNumChannels(reaper.GetMediaItemTake_Source(take)))
end

-- Most channels of the takes that a piece touches; 2 where there is none.
function capture.channels(piece)
  if piece.take then return math.min(MOST_CHANNELS, take_channels(piece.take)) end
  local most = 0
  for index = 0, reaper.CountTrackMediaItems(piece.track) - 1 do
    local item = reaper.GetTrackMediaItem(piece.track, index)
    local from = reaper.GetMediaItemInfo_Value(item, "D_POSITION")
    local to = from + reaper.GetMediaItemInfo_Value(item, "D_LENGTH")
    local take = reaper.GetActiveTake(item)
    if take and from < piece.to and to > piece.from and not reaper.TakeIsMIDI(take) then
      most = math.max(most, take_channels(take))
    end
  end
  if most == 0 then return 2 end
  return math.max(1, math.min(most, math.floor(reaper.GetMediaTrackInfo_Value(piece.track, "I_NCHAN")), MOST_CHANNELS))
end

-- Region and handles in samples, and `at`: the seconds where the region begins in the accessor's time.
local function plan(piece, clock, accessor)
  local origin = piece.item and reaper.GetMediaItemInfo_Value(piece.item, "D_POSITION") or 0
  local start = clock.samples(piece.from)
  local length = clock.samples(piece.to) - start
  if length < 1 then error("it is shorter than one sample", 0) end
  local first = math.max(clock.samples(origin + reaper.GetAudioAccessorStartTime(accessor)), 0)
  local last = clock.samples(origin + reaper.GetAudioAccessorEndTime(accessor))
  local handle = math.floor(HANDLE_SECONDS * clock.rate)
  return {
    start = start, length = length,
    before = math.max(0, math.min(handle, start - first)),
    after = math.max(0, math.min(handle, last - start - length)),
    at = piece.item and piece.from - origin or clock.seconds(start),
  }
end

-- A function for wav.write; it notes in `heard` whether there was any audio.
local function reader(accessor, region, rate, channels, heard)
  local buffer = reaper.new_array(math.min(65536, region.before + region.length + region.after) * channels)
  return function(first, count)
    buffer.clear()
    local seconds = region.at + (first - region.before) / rate
    local result = reaper.GetAudioAccessorSamples(accessor, rate, channels, seconds, count, buffer)
    if result < 0 then error("REAPER could not read its audio", 0) end
    heard.any = heard.any or result > 0
    return buffer.table(1, count * channels)
  end
end

-- Write the audio of a piece to `path`; gives { start, length, before, after }. Raises what went wrong.
function capture.write(piece, clock, path)
  if piece.item and not piece.take then error("it is empty", 0) end
  local accessor = piece.take and reaper.CreateTakeAudioAccessor(piece.take)
    or reaper.CreateTrackAudioAccessor(piece.track)
  local heard = {}
  local done, result = pcall(function()
    local region = plan(piece, clock, accessor)
    local channels = capture.channels(piece)
    local frames = region.before + region.length + region.after
    wav.write(path, channels, clock.rate, frames, reader(accessor, region, clock.rate, channels, heard))
    return region
  end)
  reaper.DestroyAudioAccessor(accessor)
  if not done then error(result, 0) end
  if not heard.any then
    error("there is no audio before the effects. For an instrument, switch to \"after the effects\" in the preset menu", 0)
  end
  return result
end

return capture
