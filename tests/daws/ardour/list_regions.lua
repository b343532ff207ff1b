-- ardour7-lua list_regions.lua FOLDER NAME: position, length and channels of every region on a track
assert (load_session (arg[1], arg[2]), "no session")
local tracks = Session:get_tracks ()
for route in tracks:iter () do
	local regions = route:to_track ():playlist ():region_list ()
	for region in regions:iter () do
		print (string.format ("REGION %d %d %d", region:position ():samples (), region:length ():samples (), region:to_audioregion ():n_channels ()))
	end
end
Session:close ()
quit ()
