-- For wrk: every request records a new case, so every 201 is one durable write.
--   wrk -t1 -c16 -d10s -s Registry.Tests/Load/put-cases.lua http://127.0.0.1:5080
-- The site 'load' has to be there. The run's own prefix keeps two runs apart.
local headers = { ["Content-Type"] = "application/json", ["X-Api-Key"] = os.getenv("REGISTRY_KEY") or "demonstration-key" }
local prefix, count = tostring(os.time()), 0

request = function()
  count = count + 1
  local case = prefix .. "-" .. count
  local body = '{"patient":{"reference":"' .. case .. '","sex":"male","birthYear":1962},"procedure":"scs","indication":"crps"}'
  return wrk.format("PUT", "/api/v1/sites/load/cases/" .. case, headers, body)
end
