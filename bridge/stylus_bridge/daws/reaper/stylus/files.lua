-- Files, whole or not at all.
local files = {}

-- The content; nil where it cannot be read.
function files.read(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local content = file:read("a")
  file:close()
  return content
end

-- Write under another name, then rename. Raises on failure.
function files.write(path, content)
  local temporary = path .. ".part"
  local file = assert(io.open(temporary, "wb"))
  local ok, why = file:write(content)
  local closed, why_not = file:close()
  if not (ok and closed) then
    os.remove(temporary)
    error(tostring(why or why_not), 0)
  end
  assert(os.rename(temporary, path))
end

-- Copy to a path that does not exist yet; false where that fails, and nothing is left.
function files.copy(from, to)
  if files.exists(to) then return false end
  local source = io.open(from, "rb")
  local target = source and io.open(to, "wb")
  local ok = target ~= nil
  while ok do
    local block = source:read(1 << 20)
    if not block then break end
    ok = target:write(block) ~= nil
  end
  if source then source:close() end
  if target then ok = target:close() and ok or false end
  if target and not ok then os.remove(to) end
  return ok
end

function files.exists(path)
  local file = io.open(path, "rb")
  if file then file:close() end
  return file ~= nil
end

return files
