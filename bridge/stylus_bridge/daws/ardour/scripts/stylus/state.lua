-- the app's state folder, files, and what the user is told.
STATE_FOLDER, VERSION = "@STYLUS_STATE_FOLDER@", "@STYLUS_VERSION@" -- the installer puts them here
OWN_FOLDER = STATE_FOLDER .. "/daws/ardour"
on_windows = STATE_FOLDER:match ("^%a:[/\\]") ~= nil

function read_file (path)
	local file = io.open (path, "rb")
	if not file then return nil end
	local text = file:read ("a")
	file:close ()
	return text
end

-- an error for the user; anything else that is raised is a mistake in this script
function refuse (text) error ({ say = text }, 0) end

function write_file (path, text) -- by rename: never half written
	local temp = path .. ".tmp"
	local file, why = io.open (temp, "wb")
	if not file then refuse ("This file cannot be written:\n" .. tostring (why)) end
	local written, problem = file:write (text)
	local closed = file:close ()
	if not written or not closed then
		os.remove (temp)
		refuse ("Writing failed. Is the disk full?\n" .. path .. "\n" .. tostring (problem))
	end
	if on_windows then os.remove (path) end
	local renamed, reason = os.rename (temp, path)
	if not renamed then refuse ("This file cannot be written:\n" .. tostring (reason)) end
end

function make_folder (path)
	local command
	if on_windows then
		command = 'mkdir "' .. path:gsub ("/", "\\") .. '"'
	else
		command = "mkdir -p '" .. path:gsub ("'", "'\\''") .. "'"
	end
	os.execute (command)
end

function log (text)
	local file = io.open (OWN_FOLDER .. "/messages.log", "ab")
	if not file then return end
	file:write (os.date ("%Y-%m-%d %H:%M:%S "), (text:gsub ("\n", " ")), "\n")
	file:close ()
end

function say (kind, text) -- a window, and a line in messages.log
	log (kind .. ": " .. text)
	pcall (function ()
		LuaDialog.Message ("Stylus", text, LuaDialog.MessageType[kind], LuaDialog.ButtonType.OK):run ()
	end)
end

-- Ardour drops a script that raises from its slot: nothing may get out
function guarded (body)
	local fine, problem = pcall (body)
	if fine then return true end
	if type (problem) == "table" and problem.say then
		say ("Warning", problem.say)
	else
		say ("Error", "Stylus made a mistake; the session is unchanged.\n" .. tostring (problem))
	end
	return false
end

function unescaped (text)
	local simple = { n = "\n", t = "\t", r = "\r", b = "\b", f = "\f", ["0"] = "\\" }
	text = text:gsub ("\\\\", "\\0") -- an escaped backslash must not escape what follows
	text = text:gsub ("\\u([dD][89abAB]%x%x)\\u([dD][c-fC-F]%x%x)", function (high, low)
		return utf8.char (0x10000 + ((tonumber (high, 16) - 0xD800) << 10) + tonumber (low, 16) - 0xDC00)
	end)
	text = text:gsub ("\\u(%x%x%x%x)", function (code) return utf8.char (tonumber (code, 16)) end)
	return (text:gsub ("\\(.)", function (letter) return simple[letter] or letter end))
end

-- the value of "key": "…" in the app's JSON, where every key stands once; nil if there is none
function json_text (json, key)
	local _, opening = json:find ('"' .. key .. '":%s*"')
	if not opening then return nil end
	local from = opening + 1
	local at = from
	while at <= #json do
		local byte = json:byte (at)
		if byte == 34 then return unescaped (json:sub (from, at - 1)) end
		at = at + (byte == 92 and 2 or 1)
	end
	return nil
end

function json_number (json, key) return tonumber (json:match ('"' .. key .. '":%s*(-?[%d%.]+)')) end

function quoted (text) -- as a JSON string
	local escaped = text:gsub ('[%c"\\]', function (letter) return string.format ("\\u%04x", letter:byte ()) end)
	return '"' .. escaped .. '"'
end

-- bridge.json: where the running app is found. nil: it is not running.
function endpoint ()
	local json = read_file (STATE_FOLDER .. "/bridge.json")
	if not json then return nil end
	local found = {
		port = json_number (json, "port"), pid = json_number (json, "pid"), protocol = json_number (json, "protocol"),
		token = json_text (json, "token"), jobs = json_text (json, "jobs"),
	}
	if not (found.port and found.token and found.jobs) then
		refuse ("bridge.json of stylus-daw cannot be read. Close stylus-daw, start it again, then try once more.\n" .. STATE_FOLDER)
	end
	if found.protocol ~= 1 then
		refuse ("stylus-daw and its Ardour scripts are of different versions. Run: stylus-daw install ardour")
	end
	return found
end

-- false only where it is certain that the process has ended (Linux)
function lives (app)
	if not app then return false end
	if not app.pid or not read_file ("/proc/self/comm") then return true end
	return read_file ("/proc/" .. math.tointeger (app.pid) .. "/comm") ~= nil
end

-- one OSC message to the app. Ardour cannot hear the answer, and needs none: it reads state.json.
function tell (app, address, types, ...)
	local values = table.pack (...)
	pcall (function ()
		local osc = ARDOUR.LuaOSC.Address ("osc.udp://127.0.0.1:" .. math.tointeger (app.port))
		osc:send (address, types, table.unpack (values, 1, values.n))
	end)
end
