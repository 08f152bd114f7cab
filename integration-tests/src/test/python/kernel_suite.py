"""jupyter_kernel_test against Hydrocell. Fails when a test is skipped that the kernel should pass."""

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
    code_page_something = ""
    code_inspect_sample = "Math.max"
    code_display_data = [
        {
            "code": (
                "new java.awt.image.BufferedImage(4, 4, java.awt.image.BufferedImage.TYPE_INT_RGB)"
            ),
            "mime": "image/png",
        }
    ]
    code_history_pattern = "6*"
    supported_history_operations = ("tail", "range", "search")
    code_clear_output = "clearOutput(false);"

    # A picture is the cell's result, so it comes as execute_result.
    def test_display_data(self):
        sample = self.code_display_data[0]
        self.flush_channels()
        _, messages = self.execute_helper(sample["code"])
        self.assertEqual(messages[0]["msg_type"], "execute_result")
        self.assertIn(sample["mime"], messages[0]["content"]["data"])


# What the kernel does not have, with the reason; anything else that is skipped is a failure.
EXPECTED_SKIPS = {
    "test_pager": "Hydrocell has no pager",
}


if __name__ == "__main__":
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(HydrocellTests)
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite)
    unexpected = [
        f"{test.id()}: {reason}"
        for test, reason in result.skipped
        if test.id().split(".")[-1] not in EXPECTED_SKIPS
    ]
    if unexpected:
        print("skipped:", *unexpected, sep="\n  ")
    sys.exit(0 if result.wasSuccessful() and not unexpected and result.testsRun > 8 else 1)
