-- Hand a piece to the app: its audio and job.json in a job folder of its own.
local here = ...
local app, files, text, session = here.app, here.files, here.text, here.session
local capture, postfx = here.capture, here.postfx

local submit = {}

local function project_name(project)
  local name = reaper.GetProjectName(project):gsub("%.[rR][pP][pP]$", "")
  return name
end

local function job_json(job, region, clock, choice, tempo, signature)
  local samples = function(value) return string.format("%d", value) end
  local strength = choice.strength and text.object({ { "strength", string.format("%.4g", choice.strength) } })
  return text.object({
    { "protocol", "1" }, { "job", text.quote(job.id) }, { "client", text.quote(app.client) },
    { "project", text.quote(job.project_name) }, { "track", text.quote(job.track_name) },
    { "source", text.quote("input.wav") },
    { "region", text.object({
      { "start", samples(region.start) }, { "length", samples(region.length) },
      { "rate", samples(clock.rate) }, { "session_start", samples(clock.session_start) },
    }) },
    { "handles", text.object({ { "before", samples(region.before) }, { "after", samples(region.after) } }) },
    { "tempo", string.format("%.10g", tempo) }, { "time_signature", text.quote(signature) },
    { "preset", text.quote(choice.preset) }, { "override", strength },
    { "insert", text.quote(job.new_take and "new-take" or "new-track") },
  })
end

-- Remove what was written for a job that does not come to be.
local function withdraw(folder)
  for _, name in ipairs({ "input.wav", "job.json.part", "job.json" }) do os.remove(folder .. "/" .. name) end
  os.remove(folder)
end

local function describe(project, piece, choice)
  local _, track_name = reaper.GetTrackName(piece.track)
  return {
    id = reaper.genGuid(""):gsub("[{}]", ""), project = tostring(project), project_name = project_name(project),
    track = reaper.GetTrackGUID(piece.track), track_name = track_name, preset_name = choice.preset_name,
    item = piece.item and session.item_guid(piece.item) or "",
    stand = piece.item and session.stand_of(piece.item) or "",
    new_take = choice.new_take and piece.is_whole and piece.item ~= nil,
  }
end

-- What a take's accessor leaves out. Everything else comes as loud as it is heard.
local function add_levels(job, piece, choice)
  job.item_volume, job.take_volume, job.take_pan = 1, 1, 0
  if piece.take and not choice.post_fx then
    job.item_volume = reaper.GetMediaItemInfo_Value(piece.item, "D_VOL")
    job.take_volume = reaper.GetMediaItemTakeInfo_Value(piece.take, "D_VOL")
    job.take_pan = reaper.GetMediaItemTakeInfo_Value(piece.take, "D_PAN")
  end
end

local function write_folder(project, piece, clock, choice, job)
  if reaper.RecursiveCreateDirectory(job.folder, 0) == 0 then
    error("the folder " .. job.folder .. " cannot be made", 0)
  end
  local region = choice.post_fx and postfx.write(project, piece, clock, job.folder, "input")
    or capture.write(piece, clock, job.folder .. "/input.wav")
  local tempo, signature = session.tempo(project, piece.from)
  files.write(job.folder .. "/job.json", job_json(job, region, clock, choice, tempo, signature))
  job.start, job.length, job.rate, job.session_start = region.start, region.length, clock.rate, clock.session_start
  job.position = piece.item and piece.from or clock.seconds(region.start)
  add_levels(job, piece, choice)
end

-- The job that was handed in; nil and a sentence where that failed, and nothing is left behind.
function submit.piece(project, piece, clock, choice, jobs_folder)
  local job = describe(project, piece, choice)
  job.folder = jobs_folder .. "/" .. job.id
  local done, failure = pcall(write_folder, project, piece, clock, choice, job)
  if done then return job end
  withdraw(job.folder)
  return nil, job.track_name .. ": " .. tostring(failure) .. "."
end

return submit
