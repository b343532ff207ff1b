-- 32-bit float WAV: written in blocks; the header of any other is read.
local wav = {}

local FRAMES_PER_WRITE = 256
local LARGEST_BYTES = 4000000000

local function header(channels, rate, frames)
  local bytes = frames * channels * 4
  return string.pack(
    "<c4I4c4 c4I4I2I2I4I4I2I2I2 c4I4I4 c4I4",
    "RIFF", bytes + 50, "WAVE",
    "fmt ", 18, 3, channels, rate, rate * channels * 4, channels * 4, 32, 0,
    "fact", 4, frames,
    "data", bytes
  )
end

-- Write a file. `read(first, count)` gives `count` frames from frame `first` on, at most `most` at a time,
-- interleaved in a table.
function wav.write(path, channels, rate, frames, most, read)
  if frames * channels * 4 > LARGEST_BYTES then
    error("the region is too long for one file: choose a shorter one", 0)
  end
  local file, why = io.open(path, "wb")
  if not file then error("the audio cannot be written: " .. tostring(why), 0) end
  local function write(bytes)
    local ok, failure = file:write(bytes)
    if not ok then
      file:close()
      error("the audio cannot be written: " .. tostring(failure), 0)
    end
  end
  local done, failure = pcall(wav.write_blocks, write, channels, rate, frames, most, read)
  if not done then
    pcall(file.close, file)
    error(failure, 0)
  end
  local closed, why_not = file:close()
  if not closed then error("the audio cannot be written: " .. tostring(why_not), 0) end
end

function wav.write_blocks(write, channels, rate, frames, most, read)
  write(header(channels, rate, frames))
  local block = FRAMES_PER_WRITE * channels
  local whole = "<" .. ("f"):rep(block)
  local first = 0
  while first < frames do
    local count = math.min(frames - first, most)
    local samples = read(first, count)
    local total = count * channels
    for at = 1, total, block do
      local last = math.min(at + block - 1, total)
      local format = last - at + 1 == block and whole or "<" .. ("f"):rep(last - at + 1)
      write(string.pack(format, table.unpack(samples, at, last)))
    end
    first = first + count
  end
end

-- Channels, rate and frames of a WAV file; nil where it is none.
function wav.shape(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local riff = file:read(12) or ""
  local channels, rate, align, frames
  while riff:match("^RIFF....WAVE") do
    local head = file:read(8)
    if not head or #head < 8 then break end
    local id, size = string.unpack("<c4I4", head)
    if id == "fmt " then
      local _, n, r, _, a = string.unpack("<I2I2I4I4I2", file:read(16))
      channels, rate, align = n, r, a
      file:seek("cur", size - 16 + size % 2)
    elseif id == "data" and align then
      frames = size // align
      break
    else
      file:seek("cur", size + size % 2)
    end
  end
  file:close()
  if frames then return { channels = channels, rate = rate, frames = frames } end
end

return wav
