-- ardour7-lua console.lua FOLDER NAME: opens a session and runs each line of stdin as Lua; answers "=> ..." on one line.
local folder, name = arg[1], arg[2]
assert (load_session (folder, name), "no session")
local env = setmetatable ({}, { __index = _G })
io.stdout:write ("=> ready\n")
io.stdout:flush ()
for line in io.stdin:lines () do
	local chunk, problem = load (line, "line", "t", env)
	local ok, answer = false, problem
	if chunk then ok, answer = pcall (chunk) end
	io.stdout:write ("=> ", ok and "" or "error: ", (tostring (answer):gsub ("\n", " ")), "\n")
	io.stdout:flush ()
end
Session:close ()
quit ()
