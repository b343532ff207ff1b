-- Watches the awaited jobs from REAPER's own loop, shows how they go, and inserts their stems.
local here = ...
local app, files, insert, pending, window = here.app, here.files, here.insert, here.pending, here.window

local follow = {}

local POLL_SECONDS = 0.2
local SILENT_SECONDS = 15
local PERCENT = "%s: %s, %d %%"

local me = reaper.genGuid("")
local polled_at = -math.huge
local peaks = {}

local function name_of(job)
  return job.track_name .. " - " .. job.preset_name
end

local function build_peaks()
  for index = #peaks, 1, -1 do
    if reaper.PCM_Source_BuildPeaks(peaks[index], 1) == 0 then
      reaper.PCM_Source_BuildPeaks(peaks[index], 2)
      table.remove(peaks, index)
    end
  end
end

local function finish(job, state, said)
  pending.remove(job.id)
  if state.outcome == "failed" then
    said[#said + 1] = name_of(job) .. ": " .. (state.message or "it failed")
  elseif state.outcome == "done" then
    local done, source, note = pcall(insert.stem, job, state)
    if not done then
      said[#said + 1] = name_of(job) .. ": " .. tostring(source)
    else
      if reaper.PCM_Source_BuildPeaks(source, 0) ~= 0 then peaks[#peaks + 1] = source end
      if note then reaper.ShowConsoleMsg("Stylus: " .. name_of(job) .. ": " .. note .. "\n") end
    end
  end
end

-- The app never took the job up: withdraw it, so that it is not rendered some other day.
local function give_up(job, said)
  pending.remove(job.id)
  app.cancel(job.folder)
  said[#said + 1] = name_of(job)
    .. ": stylus-daw does not answer. If it is not running, start it and run the action again."
end

local function row_of(job, state)
  local name = name_of(job)
  local fraction = state.fraction or 0
  if not app.is_there() then
    return { text = name .. ": waiting for stylus-daw to be started again", fraction = fraction }
  end
  if state.phase == "running" then
    return { text = PERCENT:format(name, state.stage, math.floor(fraction * 100)), fraction = fraction }
  end
  return { text = name .. ": waiting", fraction = 0 }
end

local function poll()
  local rows, said = {}, {}
  for _, job in ipairs(pending.all()) do
    local state = app.state_of(job.folder)
    if state.outcome == "done" and insert.has_to_wait(job) then
      rows[#rows + 1] = { text = name_of(job) .. ": waiting until the recording ends", fraction = 1 }
    elseif state.outcome then
      finish(job, state, said)
    elseif not files.exists(job.folder .. "/job.json") then
      pending.remove(job.id)
      said[#said + 1] = name_of(job) .. ": its job folder is gone."
    elseif not state.phase and reaper.time_precise() - job.asked_at > SILENT_SECONDS then
      give_up(job, said)
    else
      rows[#rows + 1] = row_of(job, state)
    end
  end
  if #rows > 0 then window.show(rows) end
  return #rows > 0, said
end

local function tick()
  build_peaks()
  local is_due = reaper.time_precise() - polled_at >= POLL_SECONDS
  local goes_on, said = true, {}
  if is_due then
    if not pending.is_followed_by(me) then return window.close() end
    polled_at = reaper.time_precise()
    goes_on, said = poll()
  end
  if #said > 0 then here.tell(table.concat(said, "\n\n")) end
  if goes_on or #peaks > 0 then
    reaper.defer(tick)
  else
    window.close()
    pending.leave(me)
  end
end

-- Follow until nothing is awaited, unless another script does so already.
function follow.start()
  reaper.atexit(function()
    window.close()
    pending.leave(me)
  end)
  reaper.defer(tick)
end

return follow
