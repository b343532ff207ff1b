-- looks at the jobs of this session ten times a second, and ends each exactly once.
PATIENCE_S = 20
told = {} -- by job: what the user has been told already
last_beat = 0

function tell_once (job, text)
	if told[job.job] == text then return end
	told[job.job] = text
	say ("Warning", text)
end

function notice_absence (job, state)
	local app = endpoint ()
	if not lives (app) then
		tell_once (job, "stylus-daw was closed. The job for " .. job.track .. " goes on when it is started again.")
	elseif not state and os.time () - job.sent > PATIENCE_S then
		tell_once (job, "stylus-daw does not answer. The job for " .. job.track .. " waits. See: stylus-daw doctor")
	else
		told[job.job] = nil
	end
end

function stem_of (state)
	return {
		path = json_text (state, "path"),
		rate = math.tointeger (json_number (state, "rate")),
		channels = math.tointeger (json_number (state, "channels")),
		length = math.tointeger (tonumber (json_text (state, "length_samples"))),
	}
end

function bring_back (job, state)
	place (job, stem_of (state))
	local app = endpoint ()
	if app then tell (app, "/stylus/job/inserted", "sss", app.token, job.job, "sample " .. job.start) end
	log ("inserted " .. job.job)
end

function finish (job, outcome, state)
	remove_pending (job.job) -- first: whatever happens now, it happens once
	if outcome == "done" then
		bring_back (job, state)
	elseif outcome == "cancelled" then
		say ("Info", "Cancelled: " .. job.track .. ". The session is unchanged.")
	else
		local why = json_text (state, "message") or ""
		say ("Error", "The stem of " .. job.track .. " could not be made. The session is unchanged.\n" .. why)
	end
end

-- the app did not know the token that we read in bridge.json, so whose app it is, we do not know either: take the job back
function withdraw (job, why)
	remove_pending (job.job)
	write_file (job.folder .. "/cancel", "")
	refuse ("stylus-daw refused the job for " .. job.track .. ". The session is unchanged.\n"
		.. "Close stylus-daw, start it again, then choose the action once more.\n" .. why)
end

function look (job)
	local refused = read_file (job.folder .. "/refused")
	if refused then withdraw (job, refused) end
	local state = read_file (job.folder .. "/state.json")
	local outcome = state and state:match ('"outcome": "(%a+)"')
	if outcome then
		finish (job, outcome, state)
	else
		notice_absence (job, state)
	end
end

function beat () -- so that the actions know that somebody watches
	if os.time () == last_beat then return end
	last_beat = os.time ()
	local path, text = OWN_FOLDER .. "/heartbeat", tostring (last_beat)
	if pcall (write_file, path, text) then return end
	make_folder (OWN_FOLDER)
	pcall (write_file, path, text)
end

function is_recording ()
	local fine, recording = pcall (function () return Session:actively_recording () end)
	return fine and recording
end

function watch ()
	beat ()
	if is_recording () then return end
	for _, job in ipairs (read_pending ()) do
		guarded (function () look (job) end)
	end
end
