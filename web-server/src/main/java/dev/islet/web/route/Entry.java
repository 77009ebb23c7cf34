package dev.islet.web.route;

import java.nio.file.Path;

/**
 * A file or folder as it was when looked at.
 *
 * @param name its own name, the last of its path
 * @param folder whether it is a folder
 * @param size in bytes
 * @param modified nanoseconds since 1970 of its last change
 * @param inode what the file system calls it; 0 if it does not say
 * @param path where it really lies, links followed
 */
public record Entry(String name, boolean folder, long size, long modified, long inode, Path path) {}
