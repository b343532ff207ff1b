-- What the user has selected, as pieces: { track, item, take, from, to, is_whole } in seconds.
-- Razor edits come first; else selected items, cut to the time selection where they touch it; else the
-- time selection on the selected tracks.
local selection = {}

local function razor_pieces(project, pieces)
  for index = 0, reaper.CountTracks(project) - 1 do
    local track = reaper.GetTrack(project, index)
    local _, areas = reaper.GetSetMediaTrackInfo_String(track, "P_RAZOREDITS", "", false)
    for from, to, envelope in areas:gmatch('(%S+) (%S+) "([^"]*)"') do
      from, to = tonumber(from), tonumber(to)
      if envelope == "" and from and to and to > from then
        pieces[#pieces + 1] = { track = track, from = from, to = to }
      end
    end
  end
end

local function item_piece(item)
  local from = reaper.GetMediaItemInfo_Value(item, "D_POSITION")
  local to = from + reaper.GetMediaItemInfo_Value(item, "D_LENGTH")
  local track = reaper.GetMediaItem_Track(item)
  return { track = track, item = item, take = reaper.GetActiveTake(item), from = from, to = to, is_whole = true }
end

local function cut(piece, from, to)
  if from > piece.from then piece.from, piece.is_whole = from, false end
  if to < piece.to then piece.to, piece.is_whole = to, false end
end

local function item_pieces(project, pieces, from, to)
  local touching, all = {}, {}
  for index = 0, reaper.CountSelectedMediaItems(project) - 1 do
    local piece = item_piece(reaper.GetSelectedMediaItem(project, index))
    all[#all + 1] = piece
    if from < to and piece.from < to and piece.to > from then touching[#touching + 1] = piece end
  end
  for _, piece in ipairs(touching) do cut(piece, from, to) end
  for _, piece in ipairs(#touching > 0 and touching or all) do pieces[#pieces + 1] = piece end
end

local function track_pieces(project, pieces, from, to)
  if from >= to then return end
  for index = 0, reaper.CountSelectedTracks(project) - 1 do
    pieces[#pieces + 1] = { track = reaper.GetSelectedTrack(project, index), from = from, to = to }
  end
end

function selection.pieces(project)
  local pieces = {}
  local from, to = reaper.GetSet_LoopTimeRange2(project, false, false, 0, 0, false)
  razor_pieces(project, pieces)
  if #pieces == 0 then item_pieces(project, pieces, from, to) end
  if #pieces == 0 then track_pieces(project, pieces, from, to) end
  return pieces
end

return selection
