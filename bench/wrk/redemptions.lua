-- Reserve a reward, then hand it over: two requests. Each thread keeps the redemptions it has
-- reserved and captures the oldest before it reserves another one.

local threads = {}

function setup(thread)
  table.insert(threads, thread)
  thread:set("thread_number", #threads)
end

local headers, reserved = {}, {}
local rich, run, count, first, last = 1, "", 0, 1, 0
captured, held = 0, 0

-- Arguments: number of members with points, name of the run (keys begin with it), API key, seed.
function init(args)
  rich, run = tonumber(args[1]), args[2]
  math.randomseed(tonumber(args[4]) * 1000 + thread_number)
  headers["Content-Type"] = "application/json"
  headers["Authorization"] = "Bearer " .. args[3]
end

local body = '{"member":{"id":"mem_01900000000070008000%012x"},"reward":"five-off",' ..
  '"store":"main-street","channel":"till"}'

function request()
  count = count + 1
  headers["Idempotency-Key"] = run .. "-" .. thread_number .. "-" .. count
  if first > last then
    return wrk.format("POST", "/v1/redemptions", headers, string.format(body, math.random(rich)))
  end
  local redemption = reserved[first]
  reserved[first] = nil
  first = first + 1
  return wrk.format("POST", "/v1/redemptions/" .. redemption .. "/capture", headers, "{}")
end

function response(status, headers, answer)
  if status == 201 then
    held = held + 1
    last = last + 1
    reserved[last] = string.match(answer, '"id":"(red_%x+)"')
  elseif status == 200 then
    captured = captured + 1
  end
end

function done(summary, latency, requests)
  local errors, units, holds = summary.errors, 0, 0
  for _, thread in ipairs(threads) do
    units = units + thread:get("captured")
    holds = holds + thread:get("held")
  end
  io.write(string.format(
    '\n{"requests":%d,"microseconds":%d,"status":%d,"socket":%d,"p50_us":%d,"p99_us":%d,' ..
    '"units":%d,"held":%d}\n',
    summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99), units, holds))
end
