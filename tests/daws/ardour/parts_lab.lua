-- lua5.3 parts_lab.lua PARTS HOME: the scripts' parts under a strict stand-in for Ardour's interface; runs what comes on stdin.
local folder, home = arg[1], arg[2]

local function strict (name, members)
	return setmetatable ({}, {
		__index = function (_, key)
			local found = members[key]
			if found == nil and not members.__lenient then error (name .. " has no " .. tostring (key), 2) end
			return found
		end,
		__newindex = function (_, key) error (name .. "." .. tostring (key) .. " cannot be set", 2) end,
	})
end

said, imported = {}, {}

local env = setmetatable ({}, { __index = _G })
env.LuaDialog = strict ("LuaDialog", {
	MessageType = strict ("MessageType", { Info = 0, Warning = 1, Error = 3 }),
	ButtonType = strict ("ButtonType", { OK = 0 }),
	Message = function (title, text, kind, button)
		assert (type (title) == "string" and type (text) == "string" and math.type (kind) == "integer" and button == 0)
		return strict ("Message", { run = function () said[#said + 1] = text end })
	end,
})
env.Editing = strict ("Editing", { ImportDistinctFiles = 1, ImportAsRegion = 2 })
env.ARDOUR = strict ("ARDOUR", {
	SrcQuality = strict ("SrcQuality", { SrcBest = 0 }),
	MidiTrackNameSource = { SMFTrackName = 1 },
	MidiTempoMapDisposition = strict ("MidiTempoMapDisposition", { SMFTempoIgnore = 0 }),
	PluginInfo = function () return "instrument" end,
	Track = function () return "track" end,
	LuaAPI = strict ("LuaAPI", { monotonic_time = function () return 12345 end }),
	RegionFactory = strict ("RegionFactory", { regions = function () return { iter = function () return pairs {} end } end }),
})
env.C = strict ("C", { StringVector = function () return { push_back = function (self, path) self[1] = path end } end })
env.Session = strict ("Session", {
	path = function () return "/music/song" end,
	nominal_sample_rate = function () return 48000.0 end,
})
-- Ardour 6 is without time types; which forms of do_import exist is up to the test
arguments_of_import = 10
env.Editor = strict ("Editor", { do_import = function (_, files, ...)
	local count = select ("#", ...) + 1
	if count ~= arguments_of_import then error ("wrong number of arguments") end
	imported = { files[1], (select (6, ...)), count }
end })

for _, name in ipairs { "state", "time", "pending", "presets", "job", "jobs", "place", "watch" } do
	assert (loadfile (folder .. "/" .. name .. ".lua", "t", env)) ()
end
env.STATE_FOLDER, env.OWN_FOLDER = home, home .. "/daws/ardour"
env.make_folder (env.OWN_FOLDER)
env.said = said
setmetatable (env, { __index = function (_, key) return _G[key] end })
assert (load (io.read ("a"), "test", "t", env)) ()
