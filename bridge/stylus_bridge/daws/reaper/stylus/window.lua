-- A small window with one bar per job. Closing it stops nothing.
local window = { is_open = false, was_closed = false }

local WIDTH, ROW = 420, 34

local function draw_row(index, row)
  local top = (index - 1) * ROW
  gfx.set(0.25, 0.25, 0.28, 1)
  gfx.rect(8, top + 22, WIDTH - 16, 6, 1)
  gfx.set(0.95, 0.55, 0.25, 1)
  gfx.rect(8, top + 22, math.floor((WIDTH - 16) * math.max(0, math.min(1, row.fraction))), 6, 1)
  gfx.set(0.92, 0.92, 0.92, 1)
  gfx.x, gfx.y = 8, top + 4
  gfx.drawstr(row.text)
end

-- Show { {text=, fraction=}, ... }.
function window.show(rows)
  if window.was_closed then return end
  if not window.is_open then
    gfx.init("Stylus", WIDTH, math.max(1, math.min(#rows, 12)) * ROW + 6)
    gfx.setfont(1, "Arial", 14)
    window.is_open = true
  end
  if gfx.getchar() < 0 then
    window.is_open, window.was_closed = false, true
    return
  end
  for index, row in ipairs(rows) do draw_row(index, row) end
  gfx.update()
end

function window.close()
  if window.is_open then gfx.quit() end
  window.is_open = false
end

return window
