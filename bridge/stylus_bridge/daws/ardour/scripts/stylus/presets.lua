-- what the app offers, and what was used last.
function read_presets ()
	local presets = {}
	for line in (read_file (STATE_FOLDER .. "/presets.json") or ""):gmatch ("[^\r\n]+") do
		local id, name = json_text (line, "id"), json_text (line, "name")
		if id and name then presets[#presets + 1] = { id = id, name = name } end
	end
	if #presets == 0 then refuse ("stylus-daw has not told its presets yet. Start it, or start it again, then try once more.") end
	return presets
end

function preset_with (presets, id)
	for _, preset in ipairs (presets) do
		if preset.id == id then return preset end
	end
	return nil
end

function last_preset ()
	local presets = read_presets ()
	local last = (read_file (OWN_FOLDER .. "/last-preset") or ""):match ("%S+")
	return preset_with (presets, last) or presets[1]
end

-- a window; nil if the user closes it. Gives the preset and the strength (nil: the preset's own).
function choose_preset ()
	local presets, names = read_presets (), {}
	for _, preset in ipairs (presets) do names[preset.name] = preset.id end
	local strengths = { ["as the preset says"] = 0 }
	for percent = 25, 150, 25 do strengths[string.format ("%3d %%", percent)] = percent / 100 end
	local answer = LuaDialog.Dialog ("Stylus", {
		{ type = "dropdown", key = "preset", title = "Preset", values = names, default = last_preset ().name },
		{ type = "dropdown", key = "strength", title = "Strength", values = strengths, default = "as the preset says" },
	}):run ()
	if not answer then return nil end
	local chosen = preset_with (presets, answer.preset)
	write_file (OWN_FOLDER .. "/last-preset", chosen.id)
	return chosen, answer.strength > 0 and answer.strength or nil
end
