ardour {
	["type"] = "EditorAction",
	name = "Stylus: show progress",
	license = "GPL",
	author = "stylus-daw",
	description = [[How the jobs of this session are doing.]]
}

function factory () return function ()
	local fine, problem = pcall (function ()
		local parts = setmetatable ({}, { __index = _ENV })
		local folder = ARDOUR.LuaAPI.build_filename (ARDOUR.user_config_directory (-1), "scripts", "stylus")
		for _, name in ipairs { "state", "pending", "jobs" } do
			assert (loadfile (ARDOUR.LuaAPI.build_filename (folder, name .. ".lua"), "t", parts)) ()
		end
		parts.guarded (parts.show_jobs)
	end)
	if not fine then
		local text = "Its scripts are incomplete. Run: stylus-daw install ardour\n" .. tostring (problem)
		pcall (function () LuaDialog.Message ("Stylus", text, LuaDialog.MessageType.Error, LuaDialog.ButtonType.OK):run () end)
	end
end end
