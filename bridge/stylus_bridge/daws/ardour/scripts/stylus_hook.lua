ardour {
	["type"] = "EditorHook",
	name = "Stylus: bring stems back",
	license = "GPL",
	author = "stylus-daw",
	description = [[Watches the jobs of this session and puts each finished stem on a new track, on the exact sample.]]
}

function signals ()
	local set = LuaSignal.Set ()
	set:add ({ [LuaSignal.LuaTimerDS] = true })
	return set
end

function factory ()
	local parts, busy

	local function load_parts ()
		local found = setmetatable ({}, { __index = _ENV })
		local folder = ARDOUR.LuaAPI.build_filename (ARDOUR.user_config_directory (-1), "scripts", "stylus")
		for _, name in ipairs { "state", "time", "pending", "place", "watch" } do
			assert (loadfile (ARDOUR.LuaAPI.build_filename (folder, name .. ".lua"), "t", found)) ()
		end
		return found
	end

	return function ()
		if busy or not Session then return end -- windows and imports let the timer run on inside this one
		busy = true
		pcall (function () -- Ardour drops a hook that raises
			parts = parts or load_parts ()
			parts.watch ()
		end)
		busy = false
	end
end
