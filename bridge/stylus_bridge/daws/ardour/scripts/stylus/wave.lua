-- a track's playlist as a 32-bit float WAV: before fader and plugins, with fades and crossfades.
BLOCK = 8192

function wave_header (rate, channels, frames)
	local bytes = frames * channels * 4
	if bytes > 0xfffffff0 - 64 then refuse ("The selection is longer than a WAV file can be (4 GB). Select less.") end
	return "RIFF" .. string.pack ("<I4", bytes + 48) .. "WAVEfmt "
		.. string.pack ("<I4I2I2I4I4I2I2", 16, 3, channels, rate, rate * channels * 4, channels * 4, 32)
		.. "fact" .. string.pack ("<I4I4", 4, frames) .. "data" .. string.pack ("<I4", bytes)
end

function interleaved (tables, channels, frames)
	local values = {}
	for c = 1, channels do
		local from = tables[c]
		for i = 1, frames do values[(i - 1) * channels + c] = from[i] end
	end
	local parts, format = {}, "<" .. ("f"):rep (1024)
	local at, total = 1, frames * channels
	while at + 1023 <= total do
		parts[#parts + 1] = string.pack (format, table.unpack (values, at, at + 1023))
		at = at + 1024
	end
	if at <= total then
		parts[#parts + 1] = string.pack ("<" .. ("f"):rep (total - at + 1), table.unpack (values, at, total))
	end
	return table.concat (parts)
end

function channels_of (track)
	local most, regions = 1, track:playlist ():region_list ()
	for region in regions:iter () do
		local audio = region:to_audioregion ()
		if not audio:isnil () then most = math.max (most, audio:n_channels ()) end
	end
	return math.max (most, track:n_inputs ():n_audio ())
end

-- write `length` samples from `first` on; gives the number of channels
function write_wave (path, track, first, length)
	local playlist, channels = track:playlist ():to_audioplaylist (), channels_of (track)
	local audio, mix, gain = ARDOUR.DSP.DspShm (BLOCK), ARDOUR.DSP.DspShm (BLOCK), ARDOUR.DSP.DspShm (BLOCK)
	local file, why = io.open (path, "wb")
	if not file then refuse ("The audio cannot be written. Is the folder read-only?\n" .. tostring (why)) end
	local fine = file:write (wave_header (session_rate (), channels, length))
	for at = 0, length - 1, BLOCK do
		local frames, tables = math.min (BLOCK, length - at), {}
		for c = 1, channels do
			local out = audio:to_float (0)
			ARDOUR.DSP.memset (out, 0, frames)
			playlist:read (out, mix:to_float (0), gain:to_float (0), position (first + at), duration (frames), c - 1)
			tables[c] = out:get_table (frames)
		end
		fine = fine and file:write (interleaved (tables, channels, frames))
	end
	if not (file:close () and fine) then refuse ("Writing the audio failed. Is the disk full?\n" .. path) end
	return channels
end
