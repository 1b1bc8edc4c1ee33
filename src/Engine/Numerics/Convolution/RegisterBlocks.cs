namespace LoptCluster.Engine.Numerics.Convolution;

// One type per size; the kernels use no other property of these types.

internal readonly struct Wide1 : IRegisterBlock
{
    public static int Rows => 1;

    public static bool Wide => true;
}

internal readonly struct Wide2 : IRegisterBlock
{
    public static int Rows => 2;

    public static bool Wide => true;
}

internal readonly struct Wide3 : IRegisterBlock
{
    public static int Rows => 3;

    public static bool Wide => true;
}

internal readonly struct Wide4 : IRegisterBlock
{
    public static int Rows => 4;

    public static bool Wide => true;
}

internal readonly struct Wide6 : IRegisterBlock
{
    public static int Rows => 6;

    public static bool Wide => true;
}

internal readonly struct Wide8 : IRegisterBlock
{
    public static int Rows => 8;

    public static bool Wide => true;
}

internal readonly struct Wide9 : IRegisterBlock
{
    public static int Rows => 9;

    public static bool Wide => true;
}

internal readonly struct Wide12 : IRegisterBlock
{
    public static int Rows => 12;

    public static bool Wide => true;
}

internal readonly struct Narrow1 : IRegisterBlock
{
    public static int Rows => 1;

    public static bool Wide => false;
}

internal readonly struct Narrow2 : IRegisterBlock
{
    public static int Rows => 2;

    public static bool Wide => false;
}

internal readonly struct Narrow3 : IRegisterBlock
{
    public static int Rows => 3;

    public static bool Wide => false;
}

internal readonly struct Narrow4 : IRegisterBlock
{
    public static int Rows => 4;

    public static bool Wide => false;
}

internal readonly struct Narrow5 : IRegisterBlock
{
    public static int Rows => 5;

    public static bool Wide => false;
}

internal readonly struct Narrow6 : IRegisterBlock
{
    public static int Rows => 6;

    public static bool Wide => false;
}

internal readonly struct Narrow8 : IRegisterBlock
{
    public static int Rows => 8;

    public static bool Wide => false;
}

internal readonly struct Narrow9 : IRegisterBlock
{
    public static int Rows => 9;

    public static bool Wide => false;
}

internal readonly struct Narrow12 : IRegisterBlock
{
    public static int Rows => 12;

    public static bool Wide => false;
}
