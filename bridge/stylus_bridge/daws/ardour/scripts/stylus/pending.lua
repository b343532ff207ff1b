-- which jobs of this session are under way. One line each, fields separated by tabs.
FIELDS = { "job", "folder", "track_id", "track", "start", "length", "rate", "channels", "name", "sent" }

function pending_file ()
	local hash = 5381
	local path = Session:path ()
	for i = 1, #path do hash = (hash * 33 + path:byte (i)) & 0xffffffff end
	return string.format ("%s/session-%08x.jobs", OWN_FOLDER, hash)
end

function read_pending ()
	local jobs = {}
	for line in (read_file (pending_file ()) or ""):gmatch ("[^\n]+") do
		local job, n = {}, 0
		for value in (line .. "\t"):gmatch ("([^\t]*)\t") do
			n = n + 1
			if FIELDS[n] then job[FIELDS[n]] = value end
		end
		for _, key in ipairs { "start", "length", "rate", "channels", "sent" } do
			job[key] = math.tointeger (tonumber (job[key]))
		end
		if job.start and job.length and job.sent then jobs[#jobs + 1] = job end
	end
	return jobs
end

function write_pending (jobs)
	if #jobs == 0 then os.remove (pending_file ()) return end
	local lines = {}
	for _, job in ipairs (jobs) do
		local values = {}
		for i, key in ipairs (FIELDS) do values[i] = tostring (job[key]):gsub ("%c", " ") end
		lines[#lines + 1] = table.concat (values, "\t")
	end
	write_file (pending_file (), table.concat (lines, "\n") .. "\n")
end

function add_pending (job)
	local jobs = read_pending ()
	jobs[#jobs + 1] = job
	write_pending (jobs)
end

function remove_pending (id)
	local kept = {}
	for _, job in ipairs (read_pending ()) do
		if job.job ~= id then kept[#kept + 1] = job end
	end
	write_pending (kept)
end
