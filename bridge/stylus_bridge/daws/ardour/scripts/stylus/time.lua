-- Ardour 7 and later have time types, Ardour 6 has plain sample numbers.
has_time_types = pcall (function () return Temporal.timepos_t (0) end)

function position (sample) return has_time_types and Temporal.timepos_t (sample) or sample end
function duration (samples) return has_time_types and Temporal.timecnt_t (samples) or samples end

function samples (value)
	if type (value) == "number" then return math.tointeger (value) or math.floor (value) end
	return value:samples ()
end

function id_of (object) return object:to_stateful ():id ():to_s () end

function session_rate () return math.floor (Session:nominal_sample_rate () + .5) end
