-- a stem into the session, on a new track below its own, exactly at its place, as one undo step.
function region_ids ()
	local ids, regions = {}, ARDOUR.RegionFactory.regions ()
	for _, region in regions:iter () do ids[id_of (region)] = true end
	return ids
end

function new_region (known, channels, length)
	local regions = ARDOUR.RegionFactory.regions ()
	for _, region in regions:iter () do
		local audio = region:to_audioregion ()
		if not known[id_of (region)] and not audio:isnil () then
			if audio:n_channels () == channels and samples (region:length ()) == length then return region end
		end
	end
	return nil
end

function import (path) -- into the list of regions only; the forms of Ardour 7 to 9, 6.9, 6
	local files, at = C.StringVector (), position (0)
	files:push_back (path)
	local distinct, as_region, best = Editing.ImportDistinctFiles, Editing.ImportAsRegion, ARDOUR.SrcQuality.SrcBest
	local names = ARDOUR.MidiTrackNameSource.SMFTrackName or ARDOUR.MidiTrackNameSource.SMFFileAndTrackName
	local tempo = ARDOUR.MidiTempoMapDisposition.SMFTempoIgnore
	local forms = {
		function () Editor:do_import (files, distinct, as_region, best, names, tempo, at, ARDOUR.PluginInfo (), ARDOUR.Track (), false) end,
		function () Editor:do_import (files, distinct, as_region, best, names, tempo, at, ARDOUR.PluginInfo (), false) end,
		function () Editor:do_import (files, distinct, as_region, best, names, tempo, at, ARDOUR.PluginInfo ()) end,
	}
	local problem
	for _, form in ipairs (forms) do
		local fine, why = pcall (form)
		if fine then return end
		problem = problem or why
	end
	error (problem, 0)
end

function copy_file (from, to)
	local source = io.open (from, "rb")
	if not source then refuse ("The stem cannot be read:\n" .. from) end
	local target, why = io.open (to, "wb")
	local whole = target ~= nil
	while whole do
		local block = source:read (1 << 20)
		if not block then break end
		whole, why = target:write (block)
	end
	source:close ()
	if target and not target:close () then whole = false end
	if whole then return end
	if target then os.remove (to) end
	refuse ("The stem cannot be copied for Ardour. It is here:\n" .. from .. "\n" .. tostring (why or "Is the disk full?"))
end

function track_with (id)
	local tracks = Session:get_tracks ()
	for route in tracks:iter () do
		if id_of (route) == id then return route end
	end
	return nil
end

function new_track (job, name)
	local source = track_with (job.track_id)
	local order = source and source:presentation_info_ptr ():order () + 1 or ARDOUR.PresentationInfo.max_order
	local function make (group)
		local n, normal = job.channels, ARDOUR.TrackMode.Normal
		return Session:new_audio_track (n, n, group, 1, name, order, normal, true)
	end
	local forms = { function () return make (nil) end, function () return make (ARDOUR.RouteGroup ()) end } -- to Ardour 8, from 9 on
	for _, form in ipairs (forms) do
		local fine, tracks = pcall (form)
		if fine and tracks:size () == 1 then return tracks:front () end
	end
	refuse ("Ardour did not create a new track for the stem.")
end

function add_region (playlist, region, start)
	local at = position (start)
	if pcall (function () playlist:add_region (region, at, 1, false) end) then return end
	playlist:add_region (region, at, 1, false, 0, 0, false)
end

function put (track, region, job, name)
	local playlist = track:playlist ()
	Session:begin_reversible_command ("Stylus: " .. name)
	local fine, problem = pcall (function ()
		playlist:to_stateful ():clear_changes ()
		local clone = ARDOUR.RegionFactory.clone_region (region, true, false)
		local audio = clone:to_audioregion ()
		audio:set_fade_in_active (false) -- Ardour's 64 samples would bend the edges
		audio:set_fade_out_active (false)
		clone:set_name (name)
		add_region (playlist, clone, job.start)
		Session:add_stateful_diff_command (playlist:to_statefuldestructible ())
	end)
	Session:commit_reversible_command (nil)
	if not fine then error (problem, 0) end
end

function stands_there (track, job)
	local regions, found = track:playlist ():region_list (), 0
	for region in regions:iter () do
		if samples (region:position ()) == job.start and samples (region:length ()) == job.length then found = found + 1 end
	end
	return found == 1
end

-- a name of 255 bytes is the longest that systems take; a letter of UTF-8 is never cut in two
function shortened (text, most)
	if #text <= most then return text end
	local last = most
	while last > 0 and (text:byte (last + 1) & 0xC0) == 0x80 do last = last - 1 end
	return text:sub (1, last)
end

-- the file's name becomes the region's and the source's: unique, and valid on every system
function stem_name (job)
	local plain = (job.track .. " - " .. job.name):gsub ('[%c/\\:*?"<>|%%]', " "):gsub ("%s+", " ")
	return shortened (plain, 180) .. " " .. job.job:sub (-6)
end

function place (job, stem)
	if stem.rate ~= job.rate or stem.length ~= job.length or session_rate () ~= job.rate then
		refuse ("The stem does not fit the session any more (sample rate or length). It is here:\n" .. stem.path)
	end
	local title, known = job.track .. " - " .. job.name, region_ids ()
	local copy = job.folder .. "/" .. stem_name (job) .. ".wav"
	copy_file (stem.path, copy)
	local imported, problem = pcall (import, copy)
	os.remove (copy)
	job.channels = stem.channels
	local region = imported and new_region (known, stem.channels, stem.length)
	if not region then
		refuse ("Ardour did not import the stem. It is here:\n" .. stem.path .. (problem and "\n" .. tostring (problem) or ""))
	end
	local track = new_track (job, title)
	local fine, why = pcall (put, track:to_track (), region, job, title)
	if fine and stands_there (track:to_track (), job) then return end
	pcall (function () Session:remove_route (track) end) -- since Ardour 8
	refuse ("The stem could not be placed. It is here:\n" .. stem.path .. "\n" .. tostring (why or ""))
end
