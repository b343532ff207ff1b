ardour { ["type"] = "EditorHook", name = "Test console", author = "stylus-daw", description = "Tests only: runs the Lua in $TEST_CONSOLE/command.lua" }

function signals ()
	local set = LuaSignal.Set ()
	set:add ({ [LuaSignal.LuaTimerDS] = true })
	return set
end

function factory ()
	local busy = false
	return function ()
		local folder = os.getenv ("TEST_CONSOLE")
		if busy or not Session or not folder then return end
		local file = io.open (folder .. "/command.lua", "r")
		if not file then return end
		busy = true
		local source = file:read ("a")
		file:close ()
		os.remove (folder .. "/command.lua")
		local fine, answer = pcall (function () return assert (load (source)) () end)
		local out = io.open (folder .. "/answer.tmp", "w")
		out:write (fine and "1" or "0", tostring (answer))
		out:close ()
		os.rename (folder .. "/answer.tmp", folder .. "/answer")
		busy = false
	end
end
