-- Errors, each a longjmp(): of values, of the library, of the compiler, within coroutines.
local parts = {}
for i = 1, 50 do
  local ok, message = pcall(error, { code = i })
  parts[#parts + 1] = ok and "no" or message.code
  parts[#parts + 1] = select(2, pcall(string.rep)):sub(1, 12)
  local coroutine_of = coroutine.wrap(function(...)
    for j = 1, select("#", ...) do
      coroutine.yield(j)
    end
    error("ended")
  end)
  parts[#parts + 1] = coroutine_of(1, 2) + coroutine_of()
  parts[#parts + 1] = tostring(pcall(coroutine_of))
  parts[#parts + 1] = load("return +") and "compiled" or "not compiled"
end
collectgarbage()
print(#parts, table.concat(parts, " "))
