"""What Redis does to the four counters of a request to a model, each script at once.

A request counts at the most that it can cost wherever that fits. Where only what it is likely to
cost does, it counts at that, as the one such request of its counter at a time (`close`): so a
counter passes its limit by no more than one request. Such a claim ends with its request, or after
a while, and then the most is counted after all.
"""

# KEYS four counters and the stream; ARGV most tokens and nano-dollars, likely tokens and
# nano-dollars, the request's id, how long it may take (s), the entry, the stream's most entries;
# then for each counter: most tokens and most nano-dollars ('' for no limit), its life (s).
# Gives {0, '', ''}, or {the counter, what is short, what is used of it}.
RESERVE = """
local now = tonumber(redis.call('TIME')[1])
local cost = {tonumber(ARGV[1]), tonumber(ARGV[2])}
local likely = {tonumber(ARGV[3]), tonumber(ARGV[4])}
local names = {'tokens', 'nano'}
local close = {}
for i = 1, 4 do
  local claim = redis.call('HMGET', KEYS[i], 'close', 'until', 'rest_tokens', 'rest_nano')
  if claim[1] and tonumber(claim[2]) <= now then
    redis.call('HINCRBY', KEYS[i], 'tokens', claim[3])
    redis.call('HINCRBY', KEYS[i], 'nano', claim[4])
    redis.call('HDEL', KEYS[i], 'close', 'until', 'rest_tokens', 'rest_nano')
    claim[1] = false
  end
  close[i] = false
  for n = 1, 2 do
    local used = tonumber(redis.call('HGET', KEYS[i], names[n]) or 0)
    local most = tonumber(ARGV[6 + 3 * i + n - 1])
    if most and used + cost[n] > most then
      close[i] = true
      if claim[1] or used + likely[n] > most then
        return {i, n == 1 and 'tokens' or 'usd', string.format('%.0f', used)}
      end
    end
  end
end
for i = 1, 4 do
  local taken = close[i] and likely or cost
  redis.call('HINCRBY', KEYS[i], 'tokens', string.format('%.0f', taken[1]))
  redis.call('HINCRBY', KEYS[i], 'nano', string.format('%.0f', taken[2]))
  if close[i] then
    redis.call('HSET', KEYS[i], 'close', ARGV[5], 'until', now + tonumber(ARGV[6]),
      'rest_tokens', string.format('%.0f', cost[1] - likely[1]),
      'rest_nano', string.format('%.0f', cost[2] - likely[2]))
  end
  redis.call('EXPIRE', KEYS[i], ARGV[8 + 3 * i])
end
redis.call('XADD', KEYS[5], 'MAXLEN', '~', ARGV[8], '*', 'j', ARGV[7])
return {0, '', ''}
"""

# KEYS as above; ARGV the request's id, the entry, what it did cost in tokens and nano-dollars, the
# most, and what was likely. A counter that was lost meanwhile has the truth from elsewhere.
SETTLE = """
for i = 1, 4 do
  if redis.call('EXISTS', KEYS[i]) == 1 then
    local taken = {tonumber(ARGV[5]), tonumber(ARGV[6])}
    if redis.call('HGET', KEYS[i], 'close') == ARGV[1] then
      taken = {tonumber(ARGV[7]), tonumber(ARGV[8])}
      redis.call('HDEL', KEYS[i], 'close', 'until', 'rest_tokens', 'rest_nano')
    end
    redis.call('HINCRBY', KEYS[i], 'tokens', string.format('%.0f', tonumber(ARGV[3]) - taken[1]))
    redis.call('HINCRBY', KEYS[i], 'nano', string.format('%.0f', tonumber(ARGV[4]) - taken[2]))
  end
end
redis.call('XADD', KEYS[5], '*', 'j', ARGV[2])
"""

# KEYS a counter; ARGV what is on record in tokens and nano-dollars, its life (s). A counter that is
# lost begins anew with the next request, without `base`: then what is on record is added, once.
RESTORE = """
if redis.call('HSETNX', KEYS[1], 'base', 1) == 1 then
  redis.call('HINCRBY', KEYS[1], 'tokens', ARGV[1])
  redis.call('HINCRBY', KEYS[1], 'nano', ARGV[2])
end
redis.call('EXPIRE', KEYS[1], ARGV[3])
"""
