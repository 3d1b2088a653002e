namespace EdgeRouter.Dialects.Json;

/// <summary>
/// Checks whether a text that comes in pieces is one JSON value, without keeping it. Text that is nested deeper than 64 levels is not checked:
/// <see cref="IsValue"/> is then true. Not thread-safe.
/// </summary>
internal struct JsonGrammar
{
    private const int MostLevels = 64;
    private const string Literals = "true false null ";
    private State state;
    private ulong objects;
    private int depth;
    private int position;
    private bool isKey;
    private bool isTooDeep;

    /// <summary>Whether what came so far is one whole value.</summary>
    public readonly bool IsValue => isTooDeep || (depth == 0 && state is State.AfterValue or State.Zero or State.Integer or State.Fraction or State.Exponent);

    /// <summary>Takes the next character: a byte of UTF-8, a unit of UTF-16 or a code point, since only ASCII has a meaning outside of strings.</summary>
    public void Take(int code)
    {
        if (isTooDeep) return;
        state = state switch
        {
            State.String => InString(code),
            State.Escape => code == 'u' ? Hex() : IsOneOf(code, "\"\\/bfnrt") ? State.String : State.Invalid,
            State.Hex => !IsHex(code) ? State.Invalid : --position == 0 ? State.String : State.Hex,
            State.Literal => Literals[position] == code ? Literals[++position] == ' ' ? State.AfterValue : State.Literal : State.Invalid,
            State.Minus => code == '0' ? State.Zero : IsDigit(code) ? State.Integer : State.Invalid,
            State.Zero => AfterDigits(code, State.Zero, digits: false),
            State.Integer => AfterDigits(code, State.Integer, digits: true),
            State.Point => IsDigit(code) ? State.Fraction : State.Invalid,
            State.Fraction => IsDigit(code) ? State.Fraction : IsOneOf(code, "eE") ? State.ExponentMark : Structure(State.AfterValue, code),
            State.ExponentMark => IsDigit(code) ? State.Exponent : IsOneOf(code, "+-") ? State.ExponentSign : State.Invalid,
            State.ExponentSign => IsDigit(code) ? State.Exponent : State.Invalid,
            State.Exponent => IsDigit(code) ? State.Exponent : Structure(State.AfterValue, code),
            _ => Structure(state, code),
        };
    }

    private State AfterDigits(int code, State same, bool digits)
    {
        if (digits && IsDigit(code)) return same;
        if (code == '.') return State.Point;
        return IsOneOf(code, "eE") ? State.ExponentMark : Structure(State.AfterValue, code);
    }

    private readonly State InString(int code) => code switch
    {
        '"' => isKey ? State.Colon : State.AfterValue,
        '\\' => State.Escape,
        < ' ' => State.Invalid,
        _ => State.String,
    };

    private State Hex()
    {
        position = 4;
        return State.Hex;
    }

    /// <summary>Between values.</summary>
    private State Structure(State at, int code)
    {
        if (IsOneOf(code, " \t\r\n")) return at;
        switch (at)
        {
            case State.Value:
                return BeginValue(code);
            case State.ValueOrEnd:
                return code == ']' ? End(isObject: false) : BeginValue(code);
            case State.Key or State.KeyOrEnd:
                if (code == '}' && at == State.KeyOrEnd) return End(isObject: true);
                isKey = true;
                return code == '"' ? State.String : State.Invalid;
            case State.Colon:
                return code == ':' ? State.Value : State.Invalid;
            case State.AfterValue when depth > 0:
                var inObject = (objects & (1UL << (depth - 1))) != 0;
                if (code == ',') return inObject ? State.Key : State.Value;
                return code == (inObject ? '}' : ']') ? End(inObject) : State.Invalid;
            default:
                return State.Invalid;
        }
    }

    private State BeginValue(int code)
    {
        isKey = false;
        switch (code)
        {
            case '"': return State.String;
            case '{': return Begin(isObject: true);
            case '[': return Begin(isObject: false);
            case '-': return State.Minus;
            case '0': return State.Zero;
            case 't': position = 1; return State.Literal;
            case 'f': position = 6; return State.Literal;
            case 'n': position = 12; return State.Literal;
            default: return IsDigit(code) ? State.Integer : State.Invalid;
        }
    }

    private State Begin(bool isObject)
    {
        if (depth == MostLevels)
        {
            isTooDeep = true;
            return State.Invalid;
        }
        var bit = 1UL << depth++;
        objects = isObject ? objects | bit : objects & ~bit;
        return isObject ? State.KeyOrEnd : State.ValueOrEnd;
    }

    private State End(bool isObject)
    {
        if ((objects & (1UL << (depth - 1))) != 0 != isObject) return State.Invalid;
        depth--;
        return State.AfterValue;
    }

    private static bool IsDigit(int code) => code is >= '0' and <= '9';

    private static bool IsHex(int code) => code is >= '0' and <= '9' or >= 'a' and <= 'f' or >= 'A' and <= 'F';

    private static bool IsOneOf(int code, string characters) => code <= '~' && characters.Contains((char)code);

    private enum State : byte
    {
        Value,
        ValueOrEnd,
        Key,
        KeyOrEnd,
        Colon,
        AfterValue,
        String,
        Escape,
        Hex,
        Literal,
        Minus,
        Zero,
        Integer,
        Point,
        Fraction,
        ExponentMark,
        ExponentSign,
        Exponent,
        Invalid,
    }
}
