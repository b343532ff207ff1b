-- A finished stem goes into the project: on a new track below its source, or as a new take. One undo step.
local here = ...
local app, files, text, wav, session = here.app, here.files, here.text, here.wav, here.session

local insert = {}

-- The project that a job came from; nil where it has been closed.
local function project_of(job)
  for _, project in ipairs(session.projects()) do
    if tostring(project) == job.project and reaper.ValidatePtr2(project, project, "ReaProject*") then
      local name = reaper.GetProjectName(project):gsub("%.[rR][pP][pP]$", "")
      if session.track(project, job.track) or name == job.project_name then return project end
    end
  end
end

-- The stem has to wait: its project is being recorded into.
function insert.has_to_wait(job)
  local project = project_of(job)
  return project ~= nil and session.is_recording(project)
end

-- "Gtr - Warm Strings 80%"
local function title_of(job, stem)
  local strength = app.strength_in(stem)
  local percent = strength and string.format(" %d%%", math.floor(strength * 100 + 0.5)) or ""
  return job.track_name .. " - " .. job.preset_name .. percent
end

-- The stem in the project's own media folder; where that cannot be written, the stem where it is.
local function settled(project, job, stem, title)
  local folder = reaper.GetProjectPathEx(project)
  if folder == "" then return stem end
  local path = folder .. "/" .. text.file_name(title) .. " " .. job.id:sub(1, 8) .. ".wav"
  return files.copy(stem, path) and path or stem
end

local function provenance(job, stem, title)
  local samples = function(value) return string.format("%d", value) end
  return text.object({
    { "job", text.quote(job.id) }, { "title", text.quote(title) }, { "preset", text.quote(job.preset_name) },
    { "track", text.quote(job.track) }, { "stem", text.quote(stem) }, { "start", samples(job.start) },
    { "length", samples(job.length) }, { "rate", samples(job.rate) }, { "scripts", text.quote(here.installed.version) },
  })
end

local function fill_take(take, job, path, stem, title)
  local source = reaper.PCM_Source_CreateFromFile(path)
  if not source then error("REAPER cannot open " .. path, 0) end
  reaper.SetMediaItemTake_Source(take, source)
  reaper.GetSetMediaItemTakeInfo_String(take, "P_NAME", title, true)
  reaper.GetSetMediaItemTakeInfo_String(take, "P_EXT:stylus", provenance(job, stem, title), true)
  return reaper.GetMediaItemTake_Source(take)
end

local function insert_track(project, index)
  if reaper.InsertTrackInProject then
    reaper.InsertTrackInProject(project, index, 0)
    return
  end
  local active = reaper.EnumProjects(-1)
  if active ~= project then reaper.SelectProjectInstance(project) end
  reaper.InsertTrackAtIndex(index, false)
  if active ~= project then reaper.SelectProjectInstance(active) end
end

local function new_track(project, job, channels, title)
  local source = session.track(project, job.track)
  local count = reaper.CountTracks(project)
  local index = source and math.floor(reaper.GetMediaTrackInfo_Value(source, "IP_TRACKNUMBER")) or count
  insert_track(project, index)
  local track = reaper.GetTrack(project, index)
  if not track or reaper.CountTracks(project) ~= count + 1 then error("REAPER did not create a track", 0) end
  reaper.GetSetMediaTrackInfo_String(track, "P_NAME", title, true)
  if channels > 2 then reaper.SetMediaTrackInfo_Value(track, "I_NCHAN", channels + channels % 2) end
  return track, source ~= nil
end

-- Accessors of takes leave out the level of item and take: the stem's item gets them, and sounds as loud.
local function set_levels(item, take, job)
  reaper.SetMediaItemInfo_Value(item, "D_VOL", job.item_volume)
  reaper.SetMediaItemTakeInfo_Value(take, "D_VOL", job.take_volume)
  reaper.SetMediaItemTakeInfo_Value(take, "D_PAN", job.take_pan)
end

local function as_new_track(project, job, state, path, stem, title)
  local track, found = new_track(project, job, state.channels, title)
  local item = reaper.AddMediaItemToTrack(track)
  local take = reaper.AddTakeToMediaItem(item)
  local source = fill_take(take, job, path, stem, title)
  local values = {
    B_LOOPSRC = 0, D_FADEINLEN = 0, D_FADEOUTLEN = 0, D_POSITION = job.position, D_LENGTH = state.length / state.rate,
  }
  for name, value in pairs(values) do reaper.SetMediaItemInfo_Value(item, name, value) end
  set_levels(item, take, job)
  return source, not found and "The track of the source is gone; the stem is on a new track at the end." or nil
end

local function as_new_take(item, job, path, stem, title)
  local take = reaper.AddTakeToMediaItem(item)
  local source = fill_take(take, job, path, stem, title)
  reaper.SetMediaItemTakeInfo_Value(take, "D_STARTOFFS", 0)
  reaper.SetMediaItemTakeInfo_Value(take, "D_PLAYRATE", 1)
  reaper.SetActiveTake(take)
  reaper.UpdateItemInProject(item)
  return source
end

local function place(project, job, state, path, stem, title)
  local item = job.new_take and session.item(project, job.item)
  if item and session.stand_of(item) == job.stand then return as_new_take(item, job, path, stem, title) end
  local source, note = as_new_track(project, job, state, path, stem, title)
  if job.new_take and not note then note = "The item has changed in the meantime; the stem is on a new track." end
  return source, note
end

-- Run `edit` as one undo step; what fails half-way is taken back.
local function one_step(project, title, edit)
  reaper.Undo_BeginBlock2(project)
  reaper.PreventUIRefresh(1)
  local done, source, note = pcall(edit)
  reaper.PreventUIRefresh(-1)
  reaper.Undo_EndBlock2(project, title, -1)
  if not done then
    if reaper.Undo_CanUndo2(project) == title then reaper.Undo_DoUndo2(project) end
    error(source, 0)
  end
  reaper.TrackList_AdjustWindows(false)
  reaper.UpdateArrange()
  return source, note
end

-- Raises unless the file is what the app says and what was asked for.
local function check(job, state)
  local shape = state.stem and wav.shape(state.stem)
  if not shape then error("the stem " .. tostring(state.stem) .. " cannot be read", 0) end
  if shape.rate ~= state.rate or shape.frames ~= state.length or shape.channels ~= state.channels then
    error("the stem " .. state.stem .. " is not what stylus-daw says it is", 0)
  end
  local is_there = state.start == job.start or state.start == job.start + job.session_start
  if state.rate ~= job.rate or state.length ~= job.length or not is_there then
    error("the stem " .. state.stem .. " is for another place than was asked for", 0)
  end
end

-- Insert the stem of a job. Gives its source (for the peaks) and perhaps a note; raises what went wrong.
function insert.stem(job, state)
  check(job, state)
  local project = project_of(job)
  if not project then
    error("its project has been closed. The stem is here:\n" .. state.stem, 0)
  end
  local title = title_of(job, state.stem)
  local path = settled(project, job, state.stem, title)
  return one_step(project, "Stylus: " .. title, function()
    return place(project, job, state, path, state.stem, title)
  end)
end

return insert
