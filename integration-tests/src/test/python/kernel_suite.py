"""jupyter_kernel_test against Hydrocell. Every sample is filled in; a skipped test is a failure."""

import sys
import unittest

import jupyter_kernel_test


class HydrocellTests(jupyter_kernel_test.KernelTests):
    kernel_name = "hydrocell"
    language_name = "java"
    file_extension = ".java"
    code_hello_world = 'System.out.println("hello, world");'
    code_stderr = 'System.err.println("oops");'
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": '"a" + "b"', "result": "ab"},
    ]
    code_generate_error = 'throw new IllegalStateException("boom");'
    completion_samples = [
        {"text": "System.ou", "matches": {"out"}},
        {"text": "MathCon", "matches": {"MathContext"}},
    ]
    complete_code_samples = ["1 + 1", "int x = 3;", "void f() { }"]
    incomplete_code_samples = ["int f() {", "var s = \"\"\"\ntext"]
    invalid_code_samples = ["int int = 3;", "int x = ) ;"]
    code_page_something = 'page("text for the pager");'
    code_inspect_sample = "Math.max"
    code_display_data = [
        {
            "code": (
                "display(new java.awt.image.BufferedImage(4, 4,"
                " java.awt.image.BufferedImage.TYPE_INT_RGB));"
            ),
            "mime": "image/png",
        },
        {"code": 'display(html("<b>bold</b>"));', "mime": "text/html"},
        {"code": 'display(svg("<svg xmlns=\'http://www.w3.org/2000/svg\'/>"));', "mime": "image/svg+xml"},
    ]
    code_history_pattern = "6*"
    supported_history_operations = ("tail", "range", "search")
    code_clear_output = "clearOutput(false);"


if __name__ == "__main__":
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(HydrocellTests)
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite)
    for test, reason in result.skipped:
        print(f"skipped: {test.id()}: {reason}")
    sys.exit(0 if result.wasSuccessful() and not result.skipped and result.testsRun >= 12 else 1)
