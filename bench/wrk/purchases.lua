-- Sales as bench/sides/shopping.py draws them, and an answer in JSON at the end of a run.
-- wrk calls `setup` once per thread, `init` in each thread, `request` per request, `done` once.

local threads = {}

function setup(thread)
  table.insert(threads, thread)
  thread:set("thread_number", #threads)
end

local channels = { "till", "till", "till", "till", "till", "till", "till", "app", "app", "web" }
local firsts = { "coffee", "coffee", "grocery", "grocery", "grocery" }
local seconds_ = { "bakery", "home", "home" }
local days, headers, day_s = {}, {}, 86400
local members, run, count = 1, "", 0

-- Arguments: number of members, name of the run (keys begin with it), API key.
function init(args)
  members, run = tonumber(args[1]), args[2]
  math.randomseed(tonumber(args[4]) * 1000 + thread_number)
  headers["Content-Type"] = "application/json"
  headers["Authorization"] = "Bearer " .. args[3]
end

local body = '{"kind":"purchase","member":{"id":"mem_01900000000070008000%012x"},' ..
  '"occurred_at":"%s","source":"till","store":"main-street","channel":"%s","lines":[' ..
  '{"sku":"sku-%s","category":"%s","quantity":%d,"amount":{"minor":%d,"currency":"EUR"}},' ..
  '{"sku":"sku-%s","category":"%s","quantity":%d,"amount":{"minor":%d,"currency":"EUR"}}]}'

-- When a member buys who is asked now, as `happens_at` of bench/sides/shopping.py says it.
local function happens_at(member)
  local seconds = os.time() - 8 * day_s + member * 7919 % (7 * day_s)
  local day = math.floor(seconds / day_s)
  local rest = 5 * 3600 + math.floor((seconds - day * day_s) * 15 / 24)
  days[day] = days[day] or os.date("!%Y-%m-%dT", day * day_s)
  return string.format("%s%02d:%02d:%02dZ", days[day], math.floor(rest / 3600),
    math.floor(rest / 60) % 60, rest % 60)
end

function request()
  local random = math.random
  local first, second, member = firsts[random(5)], seconds_[random(3)], random(members)
  count = count + 1
  headers["Idempotency-Key"] = run .. "-" .. thread_number .. "-" .. count
  return wrk.format("POST", "/v1/activities", headers, string.format(body,
    member, happens_at(member), channels[random(10)],
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
