-- what to render. A range on the selected tracks, else the selected regions, one job each.
function audio_track (route)
	local track = route:to_track ()
	if track:isnil () or track:to_audio_track ():isnil () then return nil end
	return track
end

function selected_range (selection)
	local first, last = selection.time:start_sample (), selection.time:end_sample ()
	if not (first < last) then return {} end
	local items, routes = {}, selection.tracks:routelist () -- a local: iter () does not keep a temporary alive
	for route in routes:iter () do
		local track = audio_track (route)
		if track then items[#items + 1] = { track = track, start = first, length = last - first } end
	end
	if #items == 0 then refuse ("A range is selected, but no audio track. Select the tracks too.") end
	return items
end

function selected_regions (selection)
	local items, regions, tracks = {}, selection.regions:regionlist (), Session:get_tracks ()
	for region in regions:iter () do
		for route in tracks:iter () do
			local track = audio_track (route)
			if track and not track:playlist ():region_by_id (region:to_stateful ():id ()):isnil () then
				items[#items + 1] = { track = track, start = samples (region:position ()), length = samples (region:length ()) }
			end
		end
	end
	return items
end

function selected_items ()
	local selection = Editor:get_selection ()
	local items = selected_range (selection)
	if #items == 0 then items = selected_regions (selection) end
	if #items == 0 then refuse ("Nothing is selected. Select a range on an audio track, or audio regions.") end
	return items
end
