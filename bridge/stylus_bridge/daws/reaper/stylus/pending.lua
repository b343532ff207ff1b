-- Jobs whose stems are awaited, kept in REAPER's memory: any of the scripts can go on where another ended.
local here = ...
local text = here.text

local pending = {}

local SECTION = "stylus"
local STALE_SECONDS = 2
local TEXTS = {
  "id", "folder", "project", "project_name", "track", "track_name", "item", "stand", "preset_name",
}
local NUMBERS = {
  "start", "length", "rate", "session_start", "position", "asked_at", "item_volume", "take_volume", "take_pan",
}

local function get(key) return reaper.GetExtState(SECTION, key) end
local function put(key, value) reaper.SetExtState(SECTION, key, value, false) end

local function to_json(job)
  local entries = {}
  for _, key in ipairs(TEXTS) do entries[#entries + 1] = { key, text.quote(job[key]) } end
  for _, key in ipairs(NUMBERS) do entries[#entries + 1] = { key, string.format("%.17g", job[key]) } end
  entries[#entries + 1] = { "new_take", job.new_take and "1" or "0" }
  return text.object(entries)
end

local function from_json(json)
  local job = { new_take = text.number_of(json, "new_take") == 1 }
  for _, key in ipairs(TEXTS) do job[key] = text.string_of(json, key) end
  for _, key in ipairs(NUMBERS) do job[key] = text.number_of(json, key) end
  return job
end

function pending.add(job)
  job.asked_at = reaper.time_precise()
  put("job:" .. job.id, to_json(job))
  put("pending", get("pending") .. job.id .. "\n")
end

function pending.remove(id)
  local rest = {}
  for other in get("pending"):gmatch("[^\n]+") do
    if other ~= id then rest[#rest + 1] = other .. "\n" end
  end
  put("pending", table.concat(rest))
  reaper.DeleteExtState(SECTION, "job:" .. id, false)
end

function pending.all()
  local jobs = {}
  for id in get("pending"):gmatch("[^\n]+") do
    local json = get("job:" .. id)
    if json ~= "" then jobs[#jobs + 1] = from_json(json) end
  end
  return jobs
end

-- One script at a time follows the jobs. True if that is `me` from now on.
function pending.is_followed_by(me)
  local who, when = get("follower"):match("^(%S+) (%S+)$")
  local age = reaper.time_precise() - (tonumber(when) or -math.huge)
  if who and who ~= me and age >= 0 and age < STALE_SECONDS then return false end
  put("follower", me .. " " .. string.format("%.17g", reaper.time_precise()))
  return true
end

function pending.leave(me)
  if get("follower"):match("^(%S+)") == me then put("follower", "") end
end

return pending
