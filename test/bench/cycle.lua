-- Asks for each line of a file in turn: a path, then headers as "Name: value", with tabs between. With a number it ends after so many, and says how long
-- that took: wrk itself only knows seconds.
local ffi = require("ffi")
ffi.cdef("typedef struct { long s; long us; } moment; int gettimeofday(moment *at, void *zone);")

local requests, sent, most, began = {}, 0, 0, 0

local function now()
  local at = ffi.new("moment[1]")
  ffi.C.gettimeofday(at, nil)
  return tonumber(at[0].s) + tonumber(at[0].us) / 1e6
end

function init(args)
  most = tonumber(args[2] or "0")
  for line in io.lines(args[1]) do
    local path, headers = nil, {}
    for part in line:gmatch("[^\t]+") do
      if not path then
        path = part
      else
        local name, value = part:match("^(.-): (.*)$")
        headers[name] = value
      end
    end
    requests[#requests + 1] = wrk.format("GET", path, headers)
  end
end

function request()
  if sent == 0 then
    began = now()
  elseif most > 0 and sent >= most then
    print(string.format("%d requests in all, %f s", sent, now() - began))
    io.stdout:flush()
    os.exit(0)
  end
  sent = sent + 1
  return requests[(sent - 1) % #requests + 1]
end
