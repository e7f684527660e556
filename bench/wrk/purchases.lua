-- Sales as bench/shopping.py draws them, and an answer in JSON at the end of a run.
-- wrk calls `setup` once per thread, `init` in each thread, `request` per request, `done` once.

local threads = {}

function setup(thread)
  table.insert(threads, thread)
  thread:set("thread_number", #threads)
end

local channels = { "till", "till", "till", "till", "till", "till", "till", "app", "app", "web" }
local firsts = { "coffee", "coffee", "grocery", "grocery", "grocery" }
local seconds_ = { "bakery", "home", "home" }
local days, headers = {}, {}
local members, run, count = 1, "", 0

-- Arguments: number of members, name of the run (keys begin with it), API key.
function init(args)
  members, run = tonumber(args[1]), args[2]
  math.randomseed(tonumber(args[4]) * 1000 + thread_number)
  local now = os.time()
  for ago = 1, 7 do
    days[ago] = os.date("!%Y-%m-%dT", now - ago * 86400)
  end
  headers["Content-Type"] = "application/json"
  headers["Authorization"] = "Bearer " .. args[3]
end

local body = '{"kind":"purchase","member":{"id":"mem_01900000000070008000%012x"},' ..
  '"occurred_at":"%s%02d:%02d:00Z","source":"till","store":"main-street","channel":"%s","lines":[' ..
  '{"sku":"sku-%s","category":"%s","quantity":%d,"amount":{"minor":%d,"currency":"EUR"}},' ..
  '{"sku":"sku-%s","category":"%s","quantity":%d,"amount":{"minor":%d,"currency":"EUR"}}]}'

function request()
  local random = math.random
  local first, second = firsts[random(5)], seconds_[random(3)]
  count = count + 1
  headers["Idempotency-Key"] = run .. "-" .. thread_number .. "-" .. count
  return wrk.format("POST", "/v1/activities", headers, string.format(body,
    random(members), days[random(7)], random(5, 19), random(0, 59), channels[random(10)],
    first, first, random(3), random(150, 6000),
    second, second, random(3), random(150, 6000)))
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"microseconds":%d,"status":%d,"socket":%d,"p50_us":%d,"p99_us":%d}\n',
    summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
