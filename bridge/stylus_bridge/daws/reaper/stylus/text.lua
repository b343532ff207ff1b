-- JSON as far as it is needed: strings and flat objects out, single keys in.
local text = {}

local ESCAPES = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }
local PLAIN = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }

-- A JSON string; bytes that are not UTF-8 become "?", because the app refuses them.
function text.quote(value)
  if not utf8.len(value) then value = value:gsub("[\128-\255]", "?") end
  local escaped = value:gsub('[\0-\31\127"\\]', function(c) return ESCAPES[c] or string.format("\\u%04x", c:byte()) end)
  return '"' .. escaped .. '"'
end

-- A JSON object from { {key, json}, ... }, in this order; a nil json leaves its key out.
function text.object(pairs_in_order)
  local parts = {}
  for _, entry in ipairs(pairs_in_order) do
    if entry[2] ~= nil then parts[#parts + 1] = text.quote(entry[1]) .. ": " .. entry[2] end
  end
  return "{" .. table.concat(parts, ", ") .. "}"
end

local function code_point(json, at)
  local high = tonumber(json:sub(at + 2, at + 5), 16)
  local low = tonumber(json:match("^\\u(%x%x%x%x)", at + 6) or "", 16)
  if high >= 0xD800 and high < 0xDC00 and low and low >= 0xDC00 and low < 0xE000 then
    return utf8.char(0x10000 + (high - 0xD800) * 0x400 + (low - 0xDC00)), at + 12
  end
  return utf8.char(high), at + 6
end

-- The string that begins with the quote at byte `at`, decoded; nil where it does not end.
function text.unquote(json, at)
  local parts, i = {}, at + 1
  while true do
    local stop = json:find('["\\]', i)
    if not stop then return nil end
    parts[#parts + 1] = json:sub(i, stop - 1)
    if json:sub(stop, stop) == '"' then return table.concat(parts) end
    local letter = json:sub(stop + 1, stop + 1)
    if letter == "u" then
      parts[#parts + 1], i = code_point(json, stop)
    else
      parts[#parts + 1], i = PLAIN[letter] or letter, stop + 2
    end
  end
end

-- The first string of that key; nil where it is absent or no string.
function text.string_of(json, key)
  local _, quote = json:find('"' .. key .. '":%s*"')
  return quote and text.unquote(json, quote)
end

-- The first number of that key.
function text.number_of(json, key)
  return tonumber(json:match('"' .. key .. '":%s*(-?[%d%.eE+-]+)'))
end

-- A file name from any text: what no system allows becomes "_".
function text.file_name(value)
  local name = value:gsub('[\0-\31\127"*/:<>?\\|]', "_"):gsub("^[%s%.]+", ""):gsub("[%s%.]+$", "")
  if #name > 80 then name = name:sub(1, (utf8.offset(name, 0, 81) or 81) - 1) end
  return name ~= "" and name or "stem"
end

return text
