ardour {
	["type"] = "EditorAction",
	name = "Stylus: render selection, choose preset",
	license = "GPL",
	author = "stylus-daw",
	description = [[Like "Stylus: render selection", but asks for the preset and its strength first.]]
}

function factory () return function ()
	local fine, problem = pcall (function ()
		local parts = setmetatable ({}, { __index = _ENV })
		local folder = ARDOUR.LuaAPI.build_filename (ARDOUR.user_config_directory (-1), "scripts", "stylus")
		for _, name in ipairs { "state", "time", "pending", "presets", "selection", "wave", "job" } do
			assert (loadfile (ARDOUR.LuaAPI.build_filename (folder, name .. ".lua"), "t", parts)) ()
		end
		parts.guarded (parts.render_with_chosen_preset)
	end)
	if not fine then
		local text = "Its scripts are incomplete. Run: stylus-daw install ardour\n" .. tostring (problem)
		pcall (function () LuaDialog.Message ("Stylus", text, LuaDialog.MessageType.Error, LuaDialog.ButtonType.OK):run () end)
	end
end end
