-- cancel and progress: what the user may ask of jobs that are under way.
function cancel_jobs ()
	local jobs = read_pending ()
	if #jobs == 0 then refuse ("No jobs of this session are waiting or running.") end
	local app = endpoint ()
	for _, job in ipairs (jobs) do
		write_file (job.folder .. "/cancel", "")
		log ("cancelling " .. job.job)
		if lives (app) then
			tell (app, "/stylus/job/cancel", "ss", app.token, job.job)
		else
			remove_pending (job.job) -- the app finds the mark when it starts
		end
	end
	if not lives (app) then say ("Info", "Cancelled. The session is unchanged.") end
end

function progress_of (job)
	local state = read_file (job.folder .. "/state.json") or ""
	local phase = json_text (state, "phase")
	if phase ~= "running" then return phase or "waits for stylus-daw" end
	return string.format ("%d %%", math.floor ((json_number (state, "fraction") or 0) * 100 + .5))
end

function show_jobs ()
	local lines = {}
	for _, job in ipairs (read_pending ()) do
		lines[#lines + 1] = string.format ("%s - %s: %s", job.track, job.name, progress_of (job))
	end
	if #lines == 0 then lines[1] = "No jobs of this session are waiting or running." end
	if not lives (endpoint ()) then lines[#lines + 1] = "stylus-daw is not running." end
	say ("Info", table.concat (lines, "\n"))
end
