-- Reads "<bytes>\n<Lua>" from stdin, runs it with the stub as `stub`, answers one line of JSON.
local folder = arg[1]
stub = dofile(folder .. "/reaper_stub.lua")
world = stub.world

local function json(value)
  if type(value) == "string" then
    return '"' .. value:gsub('[%c"\\]', function(c) return string.format("\\u%04x", c:byte()) end) .. '"'
  elseif type(value) == "number" then
    return math.type(value) == "integer" and string.format("%d", value) or string.format("%.17g", value)
  elseif type(value) ~= "table" then
    return tostring(value) == "nil" and "null" or tostring(value)
  elseif #value > 0 or next(value) == nil then
    local parts = {}
    for _, element in ipairs(value) do parts[#parts + 1] = json(element) end
    return "[" .. table.concat(parts, ",") .. "]"
  end
  local parts = {}
  for key, element in pairs(value) do parts[#parts + 1] = json(tostring(key)) .. ":" .. json(element) end
  return "{" .. table.concat(parts, ",") .. "}"
end

while true do
  local size = io.read("n")
  if not size then break end
  io.read(1)
  local chunk = io.read(size)
  local body, why = load(chunk)
  local answer
  if body then
    local done, result = xpcall(body, debug.traceback)
    answer = done and { result = result } or { error = tostring(result) }
  else
    answer = { error = why }
  end
  answer.faults = stub.faults
  stub.faults = {}
  io.write(json(answer), "\n")
  io.flush()
end
