-- wrk: bodies from a file, one a line; each submission has an id of its own. Says what came of it as one line of words for `cargo xtask load`.
-- In: FILE, TOKEN, MODE (submissions, rechecks or empty) of the environment. Out: requests, microseconds, failures, latencies.

local mode = os.getenv("MODE")
local bodies = {}
local threads = {}

function setup(thread)
  thread:set("id", #threads)
  table.insert(threads, thread)
end

function init()
  if mode ~= "empty" then
    for line in io.lines(os.getenv("FILE")) do
      table.insert(bodies, line)
    end
  end
  number = 0
  failed = 0
end

function request()
  number = number + 1
  if mode == "empty" then
    return wrk.format("GET", "/healthz")
  end
  local headers = { ["content-type"] = "application/json", ["authorization"] = "Bearer " .. os.getenv("TOKEN") }
  local body = bodies[number % #bodies + 1]
  if mode == "rechecks" then
    return wrk.format("POST", "/v1/recheck", headers, body)
  end
  -- A UUID of version 7, other for each thread and request.
  local path = string.format("/v1/submissions/01935c3a-7a00-7%03x-8000-%012x", id, number)
  return wrk.format("PUT", path, headers, body)
end

function response(status)
  if status ~= 200 and status ~= 201 then
    failed = failed + 1
  end
end

function done(summary, latency)
  local wrong = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  for _, thread in ipairs(threads) do
    wrong = wrong + thread:get("failed")
  end
  print(string.format("load %d %d %d %d %d", summary.requests, summary.duration, wrong, latency:percentile(50), latency:percentile(99)))
end
