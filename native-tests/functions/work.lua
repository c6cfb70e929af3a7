-- Work without an error: a compiler, strings, a sort, a collection.
local function fibonacci(n)
  return n < 2 and n or fibonacci(n - 1) + fibonacci(n - 2)
end

local parts = { fibonacci(12) }
for i = 1, 50 do
  parts[#parts + 1] = load("return " .. i .. " + 1")() .. "x"
  parts[#parts + 1] = ("%d:%s"):format(i, tostring(i * 1.5)):gsub("%d", function(digit) return digit .. digit end)
  parts[#parts + 1] = select(2, pcall(string.rep, "ab", i))
end
table.sort(parts, function(a, b) return tostring(a) < tostring(b) end)
collectgarbage()
print(#parts, #table.concat(parts, " "))
