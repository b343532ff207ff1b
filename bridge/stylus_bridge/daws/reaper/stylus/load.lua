-- Loads the parts in the order of what they need; gives the actions.
local folder = ...
local here = { folder = folder }

function here.tell(message)
  reaper.ShowMessageBox(message, "Stylus", 0)
end

local PARTS = {
  "installed", "text", "files", "wav", "app", "choices", "session", "selection", "capture", "postfx",
  "pending", "submit", "insert", "window", "menu", "follow", "actions",
}
for _, name in ipairs(PARTS) do
  here[name] = assert(loadfile(folder .. "stylus/" .. name .. ".lua"))(here)
end

return here.actions
