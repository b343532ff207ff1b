-- one job folder: input.wav, then job.json by rename. The app finds it by itself.
function new_job_id ()
	math.randomseed (ARDOUR.LuaAPI.monotonic_time ())
	local random = io.open ("/dev/urandom", "rb")
	local noise = math.random (0, 0xffffff)
	if random then
		noise = string.unpack ("<I3", random:read (3))
		random:close ()
	end
	return string.format ("ardour-%x-%06x-%06x", os.time (), math.random (0, 0xffffff), noise)
end

function decimal (number) -- with a point, whatever the locale
	return (string.format ("%.6f", number):gsub (",", "."))
end

function tempo_at (sample)
	local fine, tempo = pcall (function ()
		return Temporal.TempoMap.read ():quarters_per_minute_at (position (sample))
	end)
	if not fine then
		fine, tempo = pcall (function () return Session:tempo_map ():tempo_at_sample (sample):quarter_notes_per_minute () end)
	end
	return fine and tempo > 0 and tempo <= 1000 and decimal (tempo) or "null"
end

function meter_at (sample)
	local fine, meter = pcall (function ()
		local found = Temporal.TempoMap.read ():meter_at (position (sample))
		return string.format ('"%d/%d"', math.floor (found:divisions_per_bar ()), math.floor (found:note_value ()))
	end)
	return fine and meter or "null"
end

function job_json (id, item, before, after, preset, strength)
	local override = strength and string.format ('"override": {"strength": %s}, ', decimal (strength)) or ""
	return string.format (
		'{"protocol": 1, "job": %s, "client": "ardour", "project": %s, "track": %s, "source": "input.wav",\n'
		.. ' "region": {"start": %d, "length": %d, "rate": %d, "session_start": 0},\n'
		.. ' "handles": {"before": %d, "after": %d}, "tempo": %s, "time_signature": %s,\n'
		.. ' "preset": %s, %s"insert": "new-track"}\n',
		quoted (id), quoted (Session:name ()), quoted (item.track:name ()), item.start, item.length, session_rate (),
		before, after, tempo_at (item.start), meter_at (item.start), quoted (preset.id), override)
end

-- write the folder of one item; what cannot be finished is taken away again
function write_folder (folder, item, id, preset, strength)
	local rate = session_rate ()
	local handle = rate // 2
	local before = math.min (handle, item.start)
	local channels = write_wave (folder .. "/input.wav", item.track, item.start - before, before + item.length + handle)
	add_pending {
		job = id, folder = folder, track_id = id_of (item.track), track = item.track:name (), start = item.start,
		length = item.length, rate = rate, channels = channels, sent = os.time (),
		name = strength and string.format ("%s %d %%", preset.name, math.floor (strength * 100 + .5)) or preset.name,
	}
	write_file (folder .. "/job.json", job_json (id, item, before, handle, preset, strength))
end

function take_away (folder, id)
	pcall (remove_pending, id)
	os.remove (folder .. "/input.wav")
	os.remove (folder)
end

function send (app, item, preset, strength)
	local id = new_job_id ()
	local folder = app.jobs .. "/" .. id
	make_folder (folder)
	local fine, problem = pcall (write_folder, folder, item, id, preset, strength)
	if not fine then
		take_away (folder, id)
		error (problem, 0)
	end
	local again, now = pcall (endpoint) -- writing takes its time: the app may have been started again meanwhile
	app = again and now or app
	tell (app, "/stylus/hello", "sissi", app.token, 1, "ardour", VERSION, 0)
	tell (app, "/stylus/job/submit", "sss", app.token, id, folder)
	log ("sent " .. id)
end

function hook_is_awake () -- the hook leaves the time every second
	local beat = math.tointeger (tonumber (read_file (OWN_FOLDER .. "/heartbeat") or ""))
	return beat ~= nil and os.time () - beat <= 5
end

function require_app ()
	local app = endpoint ()
	if not lives (app) then refuse ("stylus-daw is not running. Start it, then choose this action again.") end
	if not hook_is_awake () then
		refuse ("The script that brings stems back is not switched on.\nEdit > Lua Scripts > Script Manager > Action Hooks > "
			.. "New Hook > Stylus: bring stems back.")
	end
	return app
end

function render_selection ()
	local app, preset = require_app (), last_preset ()
	for _, item in ipairs (selected_items ()) do send (app, item, preset, nil) end
end

function render_with_chosen_preset ()
	local app, items = require_app (), selected_items ()
	local preset, strength = choose_preset ()
	if not preset then return end
	for _, item in ipairs (items) do send (app, item, preset, strength) end
end
