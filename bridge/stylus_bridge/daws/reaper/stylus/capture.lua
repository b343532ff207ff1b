-- The audio of a piece before the effects, through REAPER's audio accessors: decoded, at the project's rate.
local here = ...
local wav = here.wav

local capture = {}

local HANDLE_SECONDS = 0.5
local BLOCK_FRAMES = 16384

-- How many channels a take plays, and how many its source has: REAPER wants to be asked for all of them.
local function take_channels(take)
  local mode = reaper.GetMediaItemTakeInfo_Value(take, "I_CHANMODE")
  local asked = math.max(1, reaper.GetMediaSourceNumChannels(reaper.GetMediaItemTake_Source(take)))
  if mode >= 2 and mode <= 66 then return 1, asked end
  if mode >= 67 then return math.min(2, asked), asked end
  return asked, asked
end

-- Channels that a take on a track sounds on: a mono one that is panned needs two.
local function heard_channels(take)
  local channels = take_channels(take)
  if reaper.GetMediaItemTakeInfo_Value(take, "D_PAN") ~= 0 then return math.max(2, channels) end
  return channels
end

-- How many channels a piece has, and how many to ask REAPER for; 2 where there is no audio.
function capture.channels(piece)
  if piece.take then return take_channels(piece.take) end
  local most, asked = 0, math.floor(reaper.GetMediaTrackInfo_Value(piece.track, "I_NCHAN"))
  for index = 0, reaper.CountTrackMediaItems(piece.track) - 1 do
    local item = reaper.GetTrackMediaItem(piece.track, index)
    local from = reaper.GetMediaItemInfo_Value(item, "D_POSITION")
    local to = from + reaper.GetMediaItemInfo_Value(item, "D_LENGTH")
    local take = reaper.GetActiveTake(item)
    if take and from < piece.to and to > piece.from and not reaper.TakeIsMIDI(take) then
      most = math.max(most, heard_channels(take))
    end
  end
  return most == 0 and 2 or math.min(most, asked), asked
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

-- The first `channels` of each `asked` samples.
local function picked(samples, count, channels, asked)
  local kept = {}
  for frame = 0, count - 1 do
    for channel = 1, channels do kept[frame * channels + channel] = samples[frame * asked + channel] end
  end
  return kept
end

-- A function for wav.write; it notes in `heard` whether there was any audio.
local function reader(accessor, region, rate, channels, asked, heard)
  local buffer = reaper.new_array(BLOCK_FRAMES * asked)
  return function(first, count)
    buffer.clear() -- beyond the end of an item REAPER leaves the buffer as it is
    local seconds = region.at + (first - region.before) / rate
    local result = reaper.GetAudioAccessorSamples(accessor, rate, asked, seconds, count, buffer)
    if result < 0 then error("REAPER could not read its audio", 0) end
    heard.any = heard.any or result > 0
    local samples = buffer.table(1, count * asked)
    return channels == asked and samples or picked(samples, count, channels, asked)
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
    local channels, asked = capture.channels(piece)
    local frames = region.before + region.length + region.after
    local read = reader(accessor, region, clock.rate, channels, asked, heard)
    wav.write(path, channels, clock.rate, frames, BLOCK_FRAMES, read)
    return region
  end)
  reaper.DestroyAudioAccessor(accessor)
  if not done then error(result, 0) end
  if not heard.any then
    error('there is no audio before the effects. For an instrument, choose "Audio after the effects" in the menu', 0)
  end
  return result
end

return capture
